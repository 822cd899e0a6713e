package org.agentaudit.web;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentaudit.access.Identity;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;

/// Makes the [Layout] around the page that answers a request.
@Singleton
class LayoutFactory {

    private record Entry(String label, String href) {}

    /// For viewers who may read.
    private static final List<Entry> READING =
            List.of(
                    new Entry("Dashboard", "/"),
                    new Entry("Daily summary", "/daily"),
                    new Entry("Agents", "/agents"),
                    new Entry("Events", "/events"),
                    new Entry("GraphQL", "/graphiql"));

    /// For administrators.
    private static final List<Entry> MANAGING =
            List.of(
                    new Entry("Quarantine", "/admin/quarantine"),
                    new Entry("Destinations", "/admin/destinations"),
                    new Entry("Retention", "/admin/retention"));

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
                path,
                formTokens.of(request));
    }

    /// Empty for who only sends events.
    private static List<NavEntry> navigation(Viewer viewer, String path) {
        return Stream.of(
                        viewer.mayRead() ? READING : List.<Entry>of(),
                        viewer.has(Role.ADMIN) ? MANAGING : List.<Entry>of())
                .flatMap(List::stream)
                .map(
                        entry ->
                                new NavEntry(
                                        entry.label(), entry.href(), contains(entry.href(), path)))
                .toList();
    }

    private static boolean contains(String href, String path) {
        return path.equals(href) || (!href.equals("/") && path.startsWith(href + "/"));
    }
}
