package org.agentaudit.access;

/// What somebody proves who they are with. Kept only as long as an answer runs, to be looked at
/// again.
public sealed interface Credential {

    /// @param token access token or API key; anything else stands for nobody
    record Bearer(String token) implements Credential {
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /// @param secret of a browser session
    record Cookie(String secret) implements Credential {
        @Override
        public String toString() {
            return "Cookie";
        }
    }
}
