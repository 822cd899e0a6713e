package org.agentaudit.web;

import io.micronaut.context.annotation.Replaces;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.security.authentication.AuthorizationException;
import io.micronaut.security.authentication.DefaultAuthorizationExceptionHandler;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Denied: 403 for a viewer, 401 for nobody; a browser that opens a page is sent to the sign-in
/// instead, and back afterwards.
@Singleton
@Replaces(DefaultAuthorizationExceptionHandler.class)
class AuthorizationHandler implements ExceptionHandler<AuthorizationException, HttpResponse<?>> {
    private final Problems problems;

    AuthorizationHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, AuthorizationException exception) {
        HttpRequest<?> denied = request;
        if (exception.isForbidden()) {
            return problems.answer(denied, HttpStatus.FORBIDDEN, "Your roles do not allow this.");
        }
        boolean withHeader = denied.getHeaders().contains(HttpHeaders.AUTHORIZATION);
        if (!withHeader && isPageView(denied)) {
            return HttpResponse.seeOther(signIn(denied.getUri()));
        }
        MutableHttpResponse<?> answer =
                problems.answer(
                        denied,
                        HttpStatus.UNAUTHORIZED,
                        withHeader
                                ? "The access token or API key in the Authorization header is not,"
                                        + " or no longer, valid."
                                : "Sign in at /api/login, or send an API key, and put it into the"
                                        + " header Authorization: Bearer.");
        return answer.header(
                HttpHeaders.WWW_AUTHENTICATE,
                withHeader ? "Bearer error=\"invalid_token\"" : "Bearer");
    }

    private static boolean isPageView(HttpRequest<?> request) {
        return Problems.isForBrowser(request)
                && (request.getMethod() == HttpMethod.GET
                        || request.getMethod() == HttpMethod.HEAD);
    }

    private static URI signIn(URI wanted) {
        String query = wanted.getRawQuery();
        String path = wanted.getRawPath() + (query == null ? "" : "?" + query);
        return URI.create("/login?returnTo=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
    }
}
