package org.agentaudit.access;

import io.micronaut.http.HttpRequest;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The viewer of a request and how they proved who they are.
///
/// @param kind    which credential the request carried
/// @param session the session behind it; null for an API key
public record Identity(Viewer viewer, Kind kind, @Nullable UUID session) {

    /// A credential of one kind is never accepted in place of another.
    public enum Kind {
        /// cookie of a browser session
        BROWSER,
        /// access token of an API session
        API,
        /// API key
        KEY
    }

    static final String ATTRIBUTE = "org.agentaudit.identity";

    /// Who makes this request; empty when it carried no valid credential.
    public static Optional<Identity> of(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, Identity.class);
    }
}
