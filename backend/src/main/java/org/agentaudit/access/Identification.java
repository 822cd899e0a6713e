package org.agentaudit.access;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who a request is for: the `Authorization` header says so if there is one, else the cookie. A
/// request with a bad header is nobody's: its cookie is not tried.
@Singleton
public class Identification {
    private static final String BEARER = "bearer ";

    private final Sessions sessions;
    private final ApiKeys apiKeys;
    private final SessionCookie cookies;

    Identification(Sessions sessions, ApiKeys apiKeys, SessionCookie cookies) {
        this.sessions = sessions;
        this.apiKeys = apiKeys;
        this.cookies = cookies;
    }

    /// The credential a request carries, not looked at yet; empty when it has none, or a cookie
    /// that a page of somebody else's made the browser send.
    public Optional<Credential> credential(HttpRequest<?> request) {
        List<String> headers = request.getHeaders().getAll(HttpHeaders.AUTHORIZATION);
        if (headers.isEmpty()) {
            return cookies.isOwn(request)
                    ? cookies.session(request).map(Credential.Cookie::new)
                    : Optional.empty();
        }
        return headers.size() == 1 ? bearer(headers.getFirst()) : Optional.empty();
    }

    /// The credential of an `Authorization` header's value.
    public Optional<Credential> bearer(String header) {
        return header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? Optional.of(new Credential.Bearer(header.substring(BEARER.length()).strip()))
                : Optional.empty();
    }

    /// Who a credential stands for now, with their roles of now; empty when it is wrong, over or
    /// revoked.
    public Optional<Identity> of(Credential credential) {
        return switch (credential) {
            case Credential.Bearer(String token) ->
                    apiKeys.verify(token)
                            .map(viewer -> new Identity(viewer, Identity.Kind.KEY, null))
                            .or(() -> sessions.byAccessToken(token));
            case Credential.Cookie(String secret) -> sessions.byCookie(secret);
        };
    }
}
