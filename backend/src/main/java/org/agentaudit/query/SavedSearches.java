package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;

/// Searches that people keep: private, or shared with the readers of their role. Only the owner
/// changes one.
@Singleton
class SavedSearches {

    private static final int MOST_OF_ONE = 100;
    private static final Set<Role> READERS =
            EnumSet.of(Role.COMPLIANCE_OFFICER, Role.SECURITY_ANALYST, Role.AUDITOR);

    private final SavedSearchRepository repository;
    private final AccessLog accessLog;
    private final Clock clock;

    SavedSearches(SavedSearchRepository repository, AccessLog accessLog, Clock clock) {
        this.repository = repository;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// The viewer's own and those shared with them, by name. Others' searches for content are not
    /// told to who may not read content, nor those for agents to who may not see these.
    List<SavedSearch> of(Viewer viewer) {
        viewer.requireReader();
        return repository.visible(viewer.username(), roles(viewer)).stream()
                .filter(saved -> saved.owner().equals(viewer.username()) || mayKnow(viewer, saved))
                .toList();
    }

    private static boolean mayKnow(Viewer viewer, SavedSearch saved) {
        EventSearch search = saved.search();
        AgentScope scope = AgentScope.of(viewer);
        return (viewer.mayReadContent() || (search.size("text") == 0 && search.size("user") == 0))
                && search.parameters().getOrDefault("agent", List.of()).stream()
                        .allMatch(scope::includes);
    }

    /// @throws BadInputException when the name is none, or the viewer has too many
    void add(Viewer viewer, String name, EventSearch search, boolean shared) {
        viewer.requireReader();
        String checked = name(name);
        String query = SavedSearch.query(search);
        if (query.length() > SavedSearch.MAXIMUM_QUERY) {
            throw new BadInputException("This search is too long to be kept.");
        }
        if (repository.countOf(viewer.username()) >= MOST_OF_ONE) {
            throw new BadInputException(
                    "You keep " + MOST_OF_ONE + " searches already; delete one first.");
        }
        long id =
                repository.add(
                        new SavedSearch(
                                0,
                                viewer.username(),
                                checked,
                                query,
                                shared ? roles(viewer) : Set.of()),
                        clock.instant());
        note(viewer, "saved search " + id + (shared ? " made, shared" : " made"));
    }

    /// @return false when the viewer has no such search
    boolean change(Viewer viewer, long id, String name, boolean shared) {
        viewer.requireReader();
        boolean changed =
                repository.change(
                        viewer.username(), id, name(name), shared ? roles(viewer) : Set.of());
        if (changed) {
            note(viewer, "saved search " + id + (shared ? " changed, shared" : " changed"));
        }
        return changed;
    }

    /// @return false when the viewer has no such search
    boolean delete(Viewer viewer, long id) {
        viewer.requireReader();
        boolean deleted = repository.delete(viewer.username(), id);
        if (deleted) {
            note(viewer, "saved search " + id + " deleted");
        }
        return deleted;
    }

    private void note(Viewer viewer, String what) {
        accessLog.record(viewer, AccessAction.SETTINGS_CHANGED, what, null);
    }

    private static Set<Role> roles(Viewer viewer) {
        Set<Role> roles = EnumSet.copyOf(READERS);
        roles.retainAll(viewer.roles());
        return roles;
    }

    private static String name(String name) {
        String checked = name.strip();
        if (checked.isEmpty()
                || checked.length() > SavedSearch.MAXIMUM_NAME
                || checked.chars().anyMatch(Character::isISOControl)) {
            throw new BadInputException(
                    "A saved search needs a name of at most "
                            + SavedSearch.MAXIMUM_NAME
                            + " characters on one line.");
        }
        return checked;
    }
}
