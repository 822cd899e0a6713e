package org.agentaudit.web;

import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Identity;
import org.agentaudit.access.SessionCookie;
import org.agentaudit.access.Sessions;
import org.jspecify.annotations.Nullable;

/// The hidden field `csrf` of forms: bound to the session, so that no other site can post a form in
/// a viewer's name. Every controller method that takes a form asks [#require] first.
@Singleton
public class FormTokens {
    private final Sessions sessions;
    private final SessionCookie cookies;

    FormTokens(Sessions sessions, SessionCookie cookies) {
        this.sessions = sessions;
        this.cookies = cookies;
    }

    /// @param token the field `csrf` as posted
    /// @return who posted the form
    /// @throws AccessDeniedException when the request has no browser session or the token is not
    ///      this session's
    public Identity require(HttpRequest<?> request, @Nullable String token) {
        return Identity.of(request)
                .filter(identity -> identity.kind() == Identity.Kind.BROWSER)
                .filter(identity -> equal(sessions.csrfToken(identity), token))
                .orElseThrow(
                        () ->
                                new AccessDeniedException(
                                        "This form was out of date or came from elsewhere. Open the"
                                                + " page again and repeat what you did."));
    }

    /// Token of the viewer's forms; empty without a browser session.
    String of(HttpRequest<?> request) {
        return Identity.of(request)
                .filter(identity -> identity.kind() == Identity.Kind.BROWSER)
                .map(sessions::csrfToken)
                .orElse("");
    }

    /// Before there is a session the token is bound to a random cookie.
    String forSignIn(String cookie) {
        return sessions.csrfToken(cookie);
    }

    boolean isValidForSignIn(HttpRequest<?> request, @Nullable String token) {
        return cookies.signInForm(request)
                .filter(cookie -> equal(forSignIn(cookie), token))
                .isPresent();
    }

    private static boolean equal(String expected, @Nullable String token) {
        return token != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
    }
}
