package org.agentaudit.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.views.thymeleaf.WebContext;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.exceptions.TemplateEngineException;

/// Renders pages. A template sees exactly two variables: `page`, a public record made for it, and
/// `layout`, a [Layout].
@Singleton
public class Pages {
    private static final MediaType HTML =
            new MediaType(MediaType.TEXT_HTML, Map.of("charset", StandardCharsets.UTF_8.name()));

    private final TemplateEngine templates;
    private final LayoutFactory layouts;

    Pages(TemplateEngine templates, LayoutFactory layouts) {
        this.templates = templates;
        this.layouts = layouts;
    }

    /// The page as 200 `text/html`. Rendered completely before anything is sent, so a template
    /// error becomes an error page.
    ///
    /// @param view template below `views/` without its ending, for instance `query/events`
    /// @param page a public record
    public MutableHttpResponse<String> render(String view, Object page) {
        HttpRequest<?> request =
                ServerRequestContext.currentRequest()
                        .orElseThrow(
                                () -> new IllegalStateException("a page needs a request: " + view));
        return render(request, view, page);
    }

    MutableHttpResponse<String> render(HttpRequest<?> request, String view, Object page) {
        WebContext context =
                new WebContext(
                        request,
                        Locale.ROOT,
                        Map.of("page", page, "layout", layouts.layout(request)));
        return HttpResponse.ok(process(view, context)).contentType(HTML);
    }

    private String process(String view, WebContext context) {
        try {
            return templates.process(view, context);
        } catch (TemplateEngineException e) {
            throw TemplateFailure.of(view, e);
        }
    }
}
