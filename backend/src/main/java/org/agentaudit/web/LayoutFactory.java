package org.agentaudit.web;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentaudit.access.Identity;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Makes the [Layout] around the page that answers a request.
@Singleton
class LayoutFactory {

    /// A page of the navigation. `roles`: who may open it.
    private record Entry(String label, String href, Set<Role> roles) {}

    /// Pages that belong together; the first that a viewer may open stands for them in the
    /// navigation, the others beside it on top of the page.
    private record Section(String label, List<Entry> pages) {}

    private static final Set<Role> READERS =
            EnumSet.of(Role.COMPLIANCE_OFFICER, Role.SECURITY_ANALYST, Role.AUDITOR);
    private static final Set<Role> ANALYSTS = EnumSet.of(Role.SECURITY_ANALYST);
    private static final Set<Role> ADMINISTRATORS = EnumSet.of(Role.ADMIN);
    private static final Set<Role> OFFICERS = EnumSet.of(Role.COMPLIANCE_OFFICER);
    private static final Set<Role> LOG_READERS =
            EnumSet.of(Role.ADMIN, Role.COMPLIANCE_OFFICER, Role.AUDITOR);

    private static final List<Section> READING =
            List.of(
                    section("Dashboard", page("Dashboard", "/")),
                    section(
                            "Daily summary",
                            page("Daily summary", "/daily"),
                            new Entry("Subscriptions", "/subscriptions", OFFICERS),
                            new Entry("Report mails", "/deliveries", OFFICERS)),
                    section("Compliance", page("Compliance", "/compliance")),
                    section("Agents", page("Agents", "/agents"), page("Sessions", "/sessions")),
                    section("Events", page("Events", "/events")),
                    section(
                            "Incidents",
                            page("Incidents", "/incidents"),
                            page("Findings", "/findings"),
                            page("Alerts", "/alerts"),
                            new Entry("Alert rules", "/alerts/rules", ANALYSTS)),
                    section("Costs", page("Costs", "/costs")));

    private static final Section MANAGING =
            section(
                    "Administration",
                    managed("Overview", "/admin"),
                    managed("Users", "/admin/users"),
                    managed("API keys", "/admin/keys"),
                    new Entry("Access log", "/admin/access-log", LOG_READERS),
                    managed("Redaction", "/admin/redaction"),
                    managed("Retention", "/admin/retention"),
                    managed("Quarantine", "/admin/quarantine"),
                    managed("Limits", "/admin/limits"),
                    managed("Destinations", "/admin/destinations"),
                    managed("Subscriptions", "/subscriptions"),
                    managed("Report mails", "/deliveries"),
                    managed("Alert messages", "/admin/mail"),
                    managed("System", "/admin/system"));

    private static final List<Entry> MENU = List.of(page("GraphQL", "/graphiql"));

    private final FormTokens formTokens;

    LayoutFactory(FormTokens formTokens) {
        this.formTokens = formTokens;
    }

    Layout layout(HttpRequest<?> request) {
        String path = request.getPath();
        Optional<Viewer> viewer = Identity.of(request).map(Identity::viewer);
        return new Layout(
                viewer.map(ViewerBadge::of).orElse(null),
                viewer.map(who -> navigation(who, path)).orElse(List.of()),
                viewer.map(who -> tabs(who, path)).orElse(List.of()),
                viewer.map(who -> menu(who, path)).orElse(List.of()),
                path,
                formTokens.of(request));
    }

    /// Empty for who only sends events. Who reads finds administration in the own menu, so that the
    /// navigation stays at seven entries.
    private static List<NavEntry> navigation(Viewer viewer, String path) {
        return (viewer.mayRead() ? READING : List.of(MANAGING))
                .stream()
                        .map(section -> entry(section, viewer, path))
                        .flatMap(Optional::stream)
                        .toList();
    }

    private static Optional<NavEntry> entry(Section section, Viewer viewer, String path) {
        List<Entry> open = open(section.pages, viewer);
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new NavEntry(
                                open.size() == 1 ? open.getFirst().label : section.label,
                                open.getFirst().href,
                                current(open, path).isPresent()));
    }

    private static List<NavEntry> tabs(Viewer viewer, String path) {
        for (Section section : sections()) {
            List<Entry> open = open(section.pages, viewer);
            Optional<Entry> current = current(open, path);
            if (open.size() > 1 && current.isPresent()) {
                return entries(open, current.get());
            }
        }
        return List.of();
    }

    private static List<NavEntry> menu(Viewer viewer, String path) {
        List<NavEntry> menu = new ArrayList<>();
        if (viewer.mayRead()) {
            entry(MANAGING, viewer, path).ifPresent(menu::add);
        }
        List<Entry> open = open(MENU, viewer);
        menu.addAll(entries(open, current(open, path).orElse(null)));
        return menu;
    }

    private static List<Section> sections() {
        List<Section> sections = new ArrayList<>(READING);
        sections.add(MANAGING);
        return sections;
    }

    private static List<NavEntry> entries(List<Entry> open, @Nullable Entry current) {
        return open.stream()
                .map(entry -> new NavEntry(entry.label, entry.href, entry.equals(current)))
                .toList();
    }

    private static List<Entry> open(List<Entry> entries, Viewer viewer) {
        return entries.stream()
                .filter(entry -> entry.roles.stream().anyMatch(viewer::has))
                .toList();
    }

    /// The page that the path belongs to: the longest address that begins it.
    private static Optional<Entry> current(List<Entry> entries, String path) {
        return entries.stream()
                .filter(entry -> contains(entry.href, path))
                .max(Comparator.comparingInt(entry -> entry.href.length()));
    }

    private static boolean contains(String href, String path) {
        return path.equals(href) || (!href.equals("/") && path.startsWith(href + "/"));
    }

    private static Section section(String label, Entry... pages) {
        return new Section(label, List.of(pages));
    }

    private static Entry page(String label, String href) {
        return new Entry(label, href, READERS);
    }

    private static Entry managed(String label, String href) {
        return new Entry(label, href, ADMINISTRATORS);
    }
}
