package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.AccessLog;
import org.jspecify.annotations.Nullable;

/// Legal holds. Placing and releasing one is an entry of the access log.
@Singleton
public class Holds {

    private static final int MAXIMUM_TARGET = 4_096;
    private static final int MAXIMUM_REASON = 1_000;
    private static final int LISTED = 500;

    private final TransactionOperations<Connection> transactions;
    private final HoldRepository repository;
    private final AccessLog accessLog;
    private final Clock clock;

    Holds(
            TransactionOperations<Connection> transactions,
            HoldRepository repository,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// Holds one trace. It need not be stored yet.
    ///
    /// @param actor who places it
    /// @return the hold's number; from now on nothing under it goes
    /// @throws IllegalArgumentException when the id or the reason is missing, too long or holds a
    ///     control character
    public long holdTrace(String actor, String traceId, String reason) {
        return place(actor, Hold.Kind.TRACE, required(traceId, "trace"), null, null, reason);
    }

    /// Holds every trace in which the agent has an event.
    ///
    /// @return and throws as for a trace
    public long holdAgent(String actor, String agentId, String reason) {
        return place(actor, Hold.Kind.AGENT, required(agentId, "agent"), null, null, reason);
    }

    /// Holds every trace whose span touches [from, to).
    ///
    /// @return and throws as for a trace
    public long holdPeriod(String actor, Instant from, Instant to, String reason) {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("The period's start must lie before its end.");
        }
        return place(actor, Hold.Kind.PERIOD, null, from, to, reason);
    }

    /// What it held may go again.
    ///
    /// @throws IllegalArgumentException when no such hold stands or the reason is missing
    public void release(String actor, long id, String reason) {
        String why = reason(reason);
        boolean released =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            repository.lockSteps(connection);
                            Hold hold = repository.find(connection, id).orElse(null);
                            if (hold == null
                                    || !repository.release(
                                            connection, id, why, actor, clock.instant())) {
                                return false;
                            }
                            accessLog.appendSettingsChange(
                                    connection,
                                    actor,
                                    "hold " + id + " released: " + hold.what(),
                                    why);
                            return true;
                        });
        if (!released) {
            throw new IllegalArgumentException("No hold with the number " + id + " stands.");
        }
    }

    /// Those that stand first, then the newest; at most 500.
    public List<Hold> list() {
        return transactions.executeRead(status -> repository.list(status.getConnection(), LISTED));
    }

    /// Whether there is an event of the trace.
    public boolean isStored(String traceId) {
        return transactions.executeRead(
                status -> repository.isStored(status.getConnection(), traceId));
    }

    /// Those of the traces that a hold keeps.
    public Set<String> held(Set<String> traceIds) {
        return transactions.executeRead(
                status -> repository.held(status.getConnection(), traceIds));
    }

    private long place(
            String actor,
            Hold.Kind kind,
            @Nullable String target,
            @Nullable Instant from,
            @Nullable Instant to,
            String reason) {
        String why = reason(reason);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    repository.lockSteps(connection);
                    Instant now = clock.instant();
                    long id =
                            repository.insert(connection, kind, target, from, to, why, actor, now);
                    Hold hold = repository.find(connection, id).orElseThrow();
                    accessLog.appendSettingsChange(
                            connection, actor, "hold " + id + " placed: " + hold.what(), why);
                    return id;
                });
    }

    private static String required(String text, String what) {
        if (text.isBlank() || text.length() > MAXIMUM_TARGET || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Say which " + what + " to hold.");
        }
        return text;
    }

    /// @throws IllegalArgumentException when it is missing or too long
    static String reason(String reason) {
        String text = reason.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("Say why: the reason is kept in the record.");
        }
        if (text.length() > MAXIMUM_REASON || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "The reason is one line of at most " + MAXIMUM_REASON + " characters.");
        }
        return text;
    }
}
