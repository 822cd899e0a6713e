package org.agentaudit.access;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Sign-ins that last (architecture 17): each access token and each cookie is checked against its
/// row at every request.
@Singleton
public class Sessions {
    /// Rows of sessions that are over are kept this long.
    private static final Duration KEPT = Duration.ofDays(7);

    private static final int UUID_LENGTH = 36;
    private static final int MAX_SECRET = 200;

    private final TransactionOperations<Connection> transactions;
    private final SessionRepository sessions;
    private final AccessTokens accessTokens;
    private final AccessLog accessLog;
    private final SigningKey key;
    private final AccessConfig config;
    private final Clock clock;

    Sessions(
            TransactionOperations<Connection> transactions,
            SessionRepository sessions,
            AccessTokens accessTokens,
            AccessLog accessLog,
            SigningKey key,
            AccessConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.accessLog = accessLog;
        this.key = key;
        this.config = config;
        this.clock = clock;
    }

    TokenPair openApi(String username) {
        UUID id = UUID.randomUUID();
        String refreshToken = refreshToken(id);
        Instant end = open(id, username, Identity.Kind.API, refreshToken);
        return pair(id, username, end, refreshToken);
    }

    BrowserSession openBrowser(String username) {
        String secret = Secrets.random();
        open(UUID.randomUUID(), username, Identity.Kind.BROWSER, secret);
        return new BrowserSession(secret, config.sessionLife());
    }

    /// A new pair for a refresh token, which is worth nothing afterwards. A refresh token that was
    /// used before ends its session: either the client or a thief holds a copy.
    ///
    /// @return empty when the token is not, or no longer, valid
    public Optional<TokenPair> refresh(String refreshToken) {
        Optional<UUID> session = sessionOf(refreshToken);
        if (session.isEmpty()) {
            return Optional.empty();
        }
        UUID id = session.get();
        String next = refreshToken(id);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Instant now = clock.instant();
                    Optional<SessionRepository.LiveSession> live =
                            sessions.apiSession(connection, id, now);
                    if (live.isEmpty()) {
                        return Optional.empty();
                    }
                    String username = live.get().user().username();
                    if (!sessions.rotate(
                            connection,
                            id,
                            Secrets.sha256(refreshToken),
                            Secrets.sha256(next),
                            now)) {
                        revoke(connection, id, username, "refresh token used twice", now);
                        return Optional.empty();
                    }
                    return Optional.of(pair(id, username, live.get().expiresAt(), next));
                });
    }

    /// Ends the session of this identity; what belongs to it is refused from now on.
    public void signOut(Identity identity) {
        UUID session = identity.session();
        if (session == null) {
            throw new IllegalArgumentException("an API key has no session");
        }
        transactions.executeWrite(
                status -> {
                    revoke(
                            status.getConnection(),
                            session,
                            identity.viewer().username(),
                            null,
                            clock.instant());
                    return null;
                });
    }

    /// Value of the hidden form field that proves that a form came from a page of this session.
    public String csrfToken(Identity identity) {
        return key.mac("form of session " + identity.session());
    }

    /// The same for the sign-in form, which has no session yet: bound to a random cookie.
    public String csrfToken(String cookie) {
        return key.mac("form of cookie " + cookie);
    }

    Optional<Identity> byAccessToken(String token) {
        return accessTokens
                .session(token)
                .flatMap(
                        id ->
                                transactions.executeRead(
                                        status ->
                                                sessions.apiSession(
                                                        status.getConnection(),
                                                        id,
                                                        clock.instant())))
                .map(live -> identity(live, Identity.Kind.API));
    }

    Optional<Identity> byCookie(String secret) {
        if (secret.isEmpty() || secret.length() > MAX_SECRET) {
            return Optional.empty();
        }
        return transactions
                .executeRead(
                        status ->
                                sessions.browserSession(
                                        status.getConnection(),
                                        Secrets.sha256(secret),
                                        clock.instant()))
                .map(live -> identity(live, Identity.Kind.BROWSER));
    }

    private Instant open(UUID id, String username, Identity.Kind kind, String secret) {
        Instant now = clock.instant();
        Instant end = now.plus(config.sessionLife());
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    sessions.deleteExpiredBefore(connection, now.minus(KEPT));
                    sessions.insert(
                            connection, id, username, kind, Secrets.sha256(secret), now, end);
                    return null;
                });
        return end;
    }

    private void revoke(
            Connection connection,
            UUID session,
            String username,
            @Nullable String reason,
            Instant now)
            throws SQLException {
        if (sessions.revoke(connection, session, now)) {
            accessLog.appendSignOut(connection, username, reason);
        }
    }

    private TokenPair pair(UUID id, String username, Instant sessionEnd, String refreshToken) {
        Duration left = Duration.between(clock.instant(), sessionEnd);
        Duration life = config.accessTokenLife();
        return new TokenPair(
                accessTokens.issue(id, username, sessionEnd),
                refreshToken,
                left.compareTo(life) < 0 ? left : life);
    }

    private static Identity identity(SessionRepository.LiveSession live, Identity.Kind kind) {
        return new Identity(live.user().viewer(), kind, live.id());
    }

    private static String refreshToken(UUID session) {
        return session + "." + Secrets.random();
    }

    private static Optional<UUID> sessionOf(String refreshToken) {
        if (refreshToken.length() <= UUID_LENGTH
                || refreshToken.length() > MAX_SECRET
                || refreshToken.charAt(UUID_LENGTH) != '.') {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(refreshToken.substring(0, UUID_LENGTH)));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not one of ours
        }
    }
}
