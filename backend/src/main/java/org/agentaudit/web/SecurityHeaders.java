package org.agentaudit.web;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.agentaudit.access.SessionCookie;

/// Headers of every answer, errors and static files included. A route may set its own
/// `Content-Security-Policy` and `Cache-Control`.
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
class SecurityHeaders implements Ordered {
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'";

    private final SessionCookie cookies;

    SecurityHeaders(SessionCookie cookies) {
        this.cookies = cookies;
    }

    @ResponseFilter
    void addHeaders(HttpRequest<?> request, MutableHttpResponse<?> response) {
        MutableHttpHeaders headers = response.getHeaders();
        setIfAbsent(headers, "Content-Security-Policy", CONTENT_SECURITY_POLICY);
        setIfAbsent(headers, "X-Content-Type-Options", "nosniff");
        // not no-referrer: browsers would then send "Origin: null" with our own forms
        setIfAbsent(headers, "Referrer-Policy", "same-origin");
        setIfAbsent(headers, "Cross-Origin-Opener-Policy", "same-origin");
        setIfAbsent(headers, "Cross-Origin-Resource-Policy", "same-origin");
        if (!request.getPath().startsWith("/static/")) {
            setIfAbsent(headers, HttpHeaders.CACHE_CONTROL, "no-store");
        }
        if (cookies.isOverTls(request)) {
            setIfAbsent(
                    headers, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }

    /// Outermost, so that answers of other filters pass here too.
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    private static void setIfAbsent(MutableHttpHeaders headers, String name, String value) {
        if (!headers.contains(name)) {
            headers.set(name, value);
        }
    }
}
