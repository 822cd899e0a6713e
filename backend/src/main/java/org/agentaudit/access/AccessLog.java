package org.agentaudit.access;

import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.http.server.util.HttpClientAddressResolver;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who looked at what (architecture 18): an entry is committed before the data it speaks of leaves
/// the portal.
@Singleton
public class AccessLog {
    /// Name in the log for what a command changed.
    public static final String COMMAND_LINE = "command line";

    /// Name in the log for what the start of the portal, or its own schedule, brought about.
    public static final String PORTAL_START = "portal start";

    private static final TransactionDefinition OWN_TRANSACTION =
            TransactionDefinition.of(TransactionDefinition.Propagation.REQUIRES_NEW);
    private static final int MAX_NAME = 256;
    private static final int MAX_TEXT = 4_000;

    private final TransactionOperations<Connection> transactions;
    private final AccessLogRepository entries;
    private final HttpClientAddressResolver addresses;
    private final Clock clock;

    AccessLog(
            TransactionOperations<Connection> transactions,
            AccessLogRepository entries,
            HttpClientAddressResolver addresses,
            Clock clock) {
        this.transactions = transactions;
        this.entries = entries;
        this.addresses = addresses;
        this.clock = clock;
    }

    /// Commits one entry in a transaction of its own, also within another one (which then holds two
    /// connections: call it before opening a transaction where that is possible). The remote
    /// address is that of the current request, if there is one.
    ///
    /// @param target what was read or changed, for instance a path or `12 events`
    /// @param reason why, when the viewer gave one
    /// @throws RuntimeException when the entry cannot be written; the caller must then not answer
    ///      with the data
    public void record(
            Viewer viewer, AccessAction action, @Nullable String target, @Nullable String reason) {
        String remoteAddress = remoteAddress();
        transactions.execute(
                OWN_TRANSACTION,
                status -> {
                    append(
                            status.getConnection(),
                            viewer.username(),
                            action,
                            target,
                            reason,
                            remoteAddress);
                    return null;
                });
    }

    /// Entries newest first, for viewers who may read the log. One who is limited to some agents is
    /// not told what others read or changed, which may name agents and traces outside the limits.
    ///
    /// @throws AccessDeniedException when the viewer is none of ADMIN, COMPLIANCE_OFFICER, AUDITOR,
    ///     or limited to some agents and asks for a target
    public List<AccessLogEntry> find(Viewer viewer, AccessLogQuery query) {
        if (!viewer.has(Role.ADMIN)
                && !viewer.has(Role.COMPLIANCE_OFFICER)
                && !viewer.has(Role.AUDITOR)) {
            throw new AccessDeniedException(
                    "Reading the access log needs the role ADMIN, COMPLIANCE_OFFICER or AUDITOR.");
        }
        if (query.target() != null && !viewer.agentScope().isEmpty()) {
            throw new AccessDeniedException(
                    "Who is limited to some agents is not told what others read, and may not search by it.");
        }
        List<AccessLogEntry> found =
                transactions.executeRead(status -> entries.find(status.getConnection(), query));
        return viewer.agentScope().isEmpty()
                ? found
                : found.stream().map(entry -> limited(entry, viewer)).toList();
    }

    /// When each user signed in last, by name; who never did is missing.
    Map<String, Instant> lastSignIns(Connection connection) throws SQLException {
        return entries.lastSignIns(connection);
    }

    private static AccessLogEntry limited(AccessLogEntry entry, Viewer viewer) {
        return entry.username().equals(viewer.username())
                ? entry
                : new AccessLogEntry(
                        entry.id(),
                        entry.at(),
                        entry.username(),
                        entry.action(),
                        entry.target() == null ? null : Disclosure.MASKED,
                        entry.reason() == null ? null : Disclosure.MASKED,
                        entry.remoteAddress());
    }

    /// An entry that becomes durable together with the change it speaks of.
    void appendSettingsChange(Connection connection, String actor, String target)
            throws SQLException {
        appendSettingsChange(connection, actor, target, null);
    }

    /// The same with a reason, for changes of other features.
    ///
    /// @param connection of the transaction that changes
    /// @param target     what was changed, old and new value
    /// @param reason     why, when one was given
    public void appendSettingsChange(
            Connection connection, String actor, String target, @Nullable String reason)
            throws SQLException {
        append(connection, actor, AccessAction.SETTINGS_CHANGED, target, reason, remoteAddress());
    }

    /// An entry that becomes durable together with what a viewer did.
    ///
    /// @param connection of the transaction that does it
    /// @param target     what it was done to
    /// @param reason     why, when the viewer gave one
    public void append(
            Connection connection,
            Viewer viewer,
            AccessAction action,
            @Nullable String target,
            @Nullable String reason)
            throws SQLException {
        append(connection, viewer.username(), action, target, reason, remoteAddress());
    }

    /// An entry that becomes durable together with the end of a session.
    void appendSignOut(Connection connection, String username, @Nullable String reason)
            throws SQLException {
        append(connection, username, AccessAction.SIGN_OUT, null, reason, remoteAddress());
    }

    private void append(
            Connection connection,
            String username,
            AccessAction action,
            @Nullable String target,
            @Nullable String reason,
            @Nullable String remoteAddress)
            throws SQLException {
        String name = storable(username, MAX_NAME);
        entries.append(
                connection,
                clock.instant(),
                name == null ? "" : name,
                action,
                storable(target, MAX_TEXT),
                storable(reason, MAX_TEXT),
                remoteAddress);
    }

    private @Nullable String remoteAddress() {
        return ServerRequestContext.currentRequest().map(addresses::resolve).orElse(null);
    }

    /// Names and targets come from outside: control characters (PostgreSQL refuses NUL, logs are
    /// read line by line) and lone surrogates become `?`, and the length is bounded.
    private static @Nullable String storable(@Nullable String text, int maxLength) {
        if (text == null) {
            return null;
        }
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(maxLength)
                .map(c -> isStorable(c) ? c : '?')
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static boolean isStorable(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.CONTROL && type != Character.SURROGATE;
    }
}
