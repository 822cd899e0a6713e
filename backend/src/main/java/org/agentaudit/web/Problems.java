package org.agentaudit.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.agentaudit.access.Identity;
import org.agentaudit.access.Viewer;

/// Errors outside GraphQL: an HTML page for a browser that opens a page, `application/problem+json`
/// (RFC 9457) for everybody else.
@Singleton
public class Problems {
    private static final MediaType PROBLEM_JSON = MediaType.of("application/problem+json");

    /// Places of programs: what answers there is never a page.
    private static final Pattern PROGRAM_PATHS =
            Pattern.compile("/(api/.*|graphql(-ws)?|log|v1/.*|hooks/.*)");

    private final Pages pages;
    private final ObjectMapper json;

    Problems(Pages pages, ObjectMapper json) {
        this.pages = pages;
        this.json = json;
    }

    /// @param detail one or two sentences: what is wrong and what to change
    public MutableHttpResponse<?> answer(HttpRequest<?> request, HttpStatus status, String detail) {
        return fill(request, HttpResponse.status(status), detail);
    }

    /// The same, onto an answer that already has a status and headers.
    MutableHttpResponse<?> fill(
            HttpRequest<?> request, MutableHttpResponse<?> response, String detail) {
        HttpStatus status = response.status();
        if (request.getMethod() == HttpMethod.HEAD) {
            return response;
        }
        if (isForBrowser(request)) {
            MutableHttpResponse<String> page =
                    pages.render(request, "error", page(request, status, detail));
            return response.body(page.body()).contentType(page.getContentType().orElseThrow());
        }
        Problem problem = new Problem(status.getReason(), status.getCode(), detail);
        try {
            return response.body(json.writeValueAsString(problem)).contentType(PROBLEM_JSON);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("three plain values are always JSON", e);
        }
    }

    /// Whether the request comes from the address bar, a link or a form.
    static boolean isForBrowser(HttpRequest<?> request) {
        String path = request.getPath();
        return request.accept().stream().anyMatch(MediaType.TEXT_HTML_TYPE::equals)
                && request.accept().stream()
                        .noneMatch(type -> type.matchesExtension(MediaType.EXTENSION_JSON))
                && !PROGRAM_PATHS.matcher(path).matches();
    }

    private static ErrorPage page(HttpRequest<?> request, HttpStatus status, String detail) {
        boolean reader =
                Identity.of(request).map(Identity::viewer).filter(Viewer::mayRead).isPresent();
        return new ErrorPage(
                status.getCode(),
                status.getReason(),
                detail,
                reader ? "/" : null,
                reader ? "Back to the dashboard" : null);
    }
}
