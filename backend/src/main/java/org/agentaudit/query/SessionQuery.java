package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Reads sessions for a viewer. A session's numbers are those of all its events in the viewer's
/// scope, whatever the period it was found by.
@Singleton
public class SessionQuery {

    private final SessionReadRepository repository;
    private final TokenUseRepository tokens;
    private final CountsQuery counts;
    private final TraceSettler settler;

    SessionQuery(
            SessionReadRepository repository,
            TokenUseRepository tokens,
            CountsQuery counts,
            TraceSettler settler) {
        this.repository = repository;
        this.tokens = tokens;
        this.counts = counts;
        this.settler = settler;
    }

    /// A session; empty when it has no event inside the viewer's scope.
    public Optional<Session> byId(Viewer viewer, String sessionId) {
        viewer.requireReader();
        // PostgreSQL's text cannot hold U+0000, so no stored id does.
        if (sessionId.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        settler.settle(repository.unsettled(sessionId));
        return Optional.ofNullable(repository.sessions(viewer, List.of(sessionId)).get(sessionId));
    }

    /// Traces with an event of the session in the viewer's scope, the earliest first.
    public List<String> traceIds(Viewer viewer, String sessionId, int limit) {
        viewer.requireReader();
        return repository.traceIds(viewer, sessionId, limit);
    }

    /// A part of the sessions with an event in the period.
    ///
    /// @throws BadInputException when a cursor is malformed or of another order
    public Page<Session> page(Viewer viewer, Period asked, SessionOrder order, PageRequest page) {
        return page(viewer, asked, SessionFilter.ALL, order, page);
    }

    /// A part of the sessions with an event in the period that match a filter.
    ///
    /// @throws BadInputException     when a cursor is malformed or of another order
    /// @throws AccessDeniedException when a masked viewer filters by user
    public Page<Session> page(
            Viewer viewer,
            Period asked,
            SessionFilter filter,
            SessionOrder order,
            PageRequest page) {
        viewer.requireReader();
        filter.requireAllowed(viewer);
        SessionCursor after = cursor(page.after(), order);
        SessionCursor before = cursor(page.before(), order);
        // of all periods: a session found by this one has numbers from others
        settler.settle(null, null);
        Period period = counts.countable(asked);
        return repository.snapshot(
                () -> {
                    List<SessionReadRepository.Place> places =
                            new ArrayList<>(
                                    repository.places(
                                            viewer,
                                            period.from(),
                                            period.to(),
                                            filter,
                                            order,
                                            after,
                                            before,
                                            !page.backwards(),
                                            page.size() + 1));
                    boolean more = places.size() > page.size();
                    if (more) {
                        places.removeLast();
                    }
                    if (page.backwards()) {
                        Collections.reverse(places);
                    }
                    List<Page.Edge<Session>> edges = edges(viewer, order, places);
                    return page.backwards()
                            ? new Page<>(edges, before != null, more)
                            : new Page<>(edges, more, after != null);
                });
    }

    private List<Page.Edge<Session>> edges(
            Viewer viewer, SessionOrder order, List<SessionReadRepository.Place> places) {
        Map<String, Session> sessions =
                repository.sessions(
                        viewer,
                        places.stream().map(SessionReadRepository.Place::sessionId).toList());
        return places.stream()
                .map(
                        place ->
                                new Page.Edge<>(
                                        new SessionCursor(order, place.value(), place.sessionId())
                                                .encode(),
                                        Objects.requireNonNull(sessions.get(place.sessionId()))))
                .toList();
    }

    /// Tokens that sessions used in the period, by one agent or by all in scope.
    ///
    /// @param period as [CountsQuery#countable] gives it
    public TokenUse tokenUse(Viewer viewer, Period period, @Nullable String agentId) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        return tokens.use(viewer, period, agentId);
    }

    /// As [#tokenUse] for each agent that used some: a session counts for each of its agents, with
    /// the agent's own tokens.
    public Map<String, TokenUse> tokenUseByAgent(Viewer viewer, Period period) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        return tokens.useByAgent(viewer, period);
    }

    private static @Nullable SessionCursor cursor(@Nullable String text, SessionOrder order) {
        return text == null ? null : SessionCursor.decode(text, order);
    }
}
