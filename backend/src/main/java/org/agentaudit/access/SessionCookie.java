package org.agentaudit.access;

import io.micronaut.context.annotation.Value;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.cookie.Cookie;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The portal's cookies. Behind TLS they are `Secure` and carry the `__Host-` prefix, and cookies
/// without it are ignored, so that no neighbouring host and no unencrypted page can plant one.
@Singleton
public class SessionCookie {
    private static final String SESSION = "portal_session";
    private static final String SIGN_IN_FORM = "portal_sign_in";
    private static final String HOST_PREFIX = "__Host-";

    private final @Nullable URI publicUrl;

    SessionCookie(@Value("${portal.public-url:}") String publicUrl) {
        this.publicUrl = publicUrl.isBlank() ? null : URI.create(publicUrl.strip());
    }

    /// Whether the browser reaches the portal over TLS: directly, or through a proxy that
    /// `PORTAL_PUBLIC_URL` speaks of.
    public boolean isOverTls(HttpRequest<?> request) {
        return request.isSecure()
                || (publicUrl != null && "https".equalsIgnoreCase(publicUrl.getScheme()));
    }

    /// `Set-Cookie` for a browser session.
    public String session(HttpRequest<?> request, BrowserSession session) {
        return cookie(request, SESSION, session.secret(), session.life());
    }

    /// `Set-Cookie` that takes the cookie of the session away.
    public String noSession(HttpRequest<?> request) {
        return cookie(request, SESSION, "", Duration.ZERO);
    }

    /// `Set-Cookie` for the random cookie that the hidden field of the sign-in form belongs to.
    public String signInForm(HttpRequest<?> request, String value) {
        return cookie(request, SIGN_IN_FORM, value, Duration.ofHours(1));
    }

    public Optional<String> signInForm(HttpRequest<?> request) {
        return value(request, SIGN_IN_FORM);
    }

    Optional<String> session(HttpRequest<?> request) {
        return value(request, SESSION);
    }

    /// Whether a request with a cookie comes from the portal's own pages, or from a link that a
    /// person followed to a page. A cookie on any other request is not looked at: the browser
    /// attached it, not the person. Requests without `Sec-Fetch-Site` and `Origin` come from
    /// programs (browsers send `Origin` with every cross-origin request that is not a plain GET).
    boolean isOwn(HttpRequest<?> request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        if (site != null) {
            return site.equals("same-origin") || site.equals("none") || isFollowedLink(request);
        }
        String origin = request.getHeaders().get("Origin");
        return origin == null || isOwnOrigin(origin, request);
    }

    private static boolean isFollowedLink(HttpRequest<?> request) {
        String path = request.getPath();
        return request.getMethod() == HttpMethod.GET
                && "navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"))
                && "document".equals(request.getHeaders().get("Sec-Fetch-Dest"))
                && !path.startsWith("/graphql");
    }

    private boolean isOwnOrigin(String origin, HttpRequest<?> request) {
        try {
            URI uri = URI.create(origin);
            String authority = uri.getAuthority();
            return authority != null
                    && (authority.equalsIgnoreCase(request.getHeaders().get("Host"))
                            || (publicUrl != null && sameOrigin(uri, publicUrl)));
        } catch (IllegalArgumentException e) {
            return false; // not an origin at all
        }
    }

    private static boolean sameOrigin(URI a, URI b) {
        return lower(a.getScheme()).equals(lower(b.getScheme()))
                && lower(a.getAuthority()).equals(lower(b.getAuthority()));
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private Optional<String> value(HttpRequest<?> request, String name) {
        return request.getCookies().findCookie(fullName(request, name)).map(Cookie::getValue);
    }

    private String fullName(HttpRequest<?> request, String name) {
        return isOverTls(request) ? HOST_PREFIX + name : name;
    }

    /// Without `Expires`, which would depend on the clocks of two machines.
    private String cookie(HttpRequest<?> request, String name, String value, Duration life) {
        return fullName(request, name)
                + "="
                + value
                + "; Path=/; Max-Age="
                + life.toSeconds()
                + "; HttpOnly; SameSite=Lax"
                + (isOverTls(request) ? "; Secure" : "");
    }
}
