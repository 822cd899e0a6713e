package org.agentaudit.web;

import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/// Renders the real templates without a server.
public final class TestTemplates {

    public static final Format FORMAT = new Format(ZoneOffset.UTC);

    private static final TemplateEngine ENGINE = engine();

    private TestTemplates() {}

    /// @param path address of the page, for the navigation
    public static String render(String view, Object page, String path) {
        Viewer viewer =
                new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of("ops/*", "support-*"));
        return render(view, page, layout(ViewerBadge.of(viewer), path));
    }

    /// As someone who has not signed in.
    public static String renderAnonymous(String view, Object page) {
        return render(view, page, new Layout(null, List.of(), "/login", "token"));
    }

    private static String render(String view, Object page, Layout layout) {
        return ENGINE.process(
                view, new Context(Locale.ROOT, Map.of("page", page, "layout", layout)));
    }

    private static Layout layout(ViewerBadge viewer, String path) {
        List<NavEntry> nav =
                List.of(
                        new NavEntry("Dashboard", "/", path.equals("/")),
                        new NavEntry("Daily summary", "/daily", path.startsWith("/daily")),
                        new NavEntry("Agents", "/agents", path.startsWith("/agents")),
                        new NavEntry("Events", "/events", path.startsWith("/events")));
        return new Layout(viewer, nav, path, "token");
    }

    private static TemplateEngine engine() {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("views/");
        resolver.setSuffix(".html");
        resolver.setCharacterEncoding("UTF-8");
        TemplateEngine engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        engine.addDialect(new PageDialect(FORMAT));
        return engine;
    }
}
