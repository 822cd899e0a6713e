package org.agentaudit.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The one place that tells a database that cannot be reached from a mistake in a statement.
public final class DatabaseFailures {
    private static final int MAX_CAUSES = 20;
    private static final String DISK_FULL = "53100";

    private DatabaseFailures() {}

    /// Whether trying again later may help: connection lost or refused (SQLSTATE class 08), server
    /// stopping or starting (57P), out of disk, memory or connections (53), rolled back because of
    /// others, for instance to end a dead-lock (40). The connection pool's own failures carry no
    /// SQLSTATE at all.
    public static boolean isAway(@Nullable Throwable failure) {
        return any(
                failure,
                sql -> sql instanceof SQLTransientConnectionException || isAway(sql.getSQLState()));
    }

    /// Whether the rows themselves are to blame, so that trying again fails again: what they hold
    /// (SQLSTATE classes 21, 22, 23), a limit they exceed (54), an error in PostgreSQL (XX) or in
    /// our own code. Not so locks and time-outs.
    public static boolean isOfData(Throwable failure) {
        return !any(
                failure,
                sql -> {
                    String state = sql.getSQLState();
                    return state == null || !state.matches("(?s)(2[123]|54|XX).*");
                });
    }

    /// The SQLSTATE of a failure or, when it has none, the class of its innermost cause: says what
    /// went wrong without quoting what was stored.
    public static String kindOf(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES; i++) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return "SQLSTATE " + sql.getSQLState();
            }
            Throwable next = cause.getCause();
            if (next == null) {
                break;
            }
            cause = next;
        }
        return cause.getClass().getSimpleName();
    }

    /// Whether PostgreSQL had no space left to write to.
    public static boolean isDiskFull(@Nullable Throwable failure) {
        return any(failure, sql -> DISK_FULL.equals(sql.getSQLState()));
    }

    private static boolean any(@Nullable Throwable failure, Predicate<SQLException> test) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof SQLException sql && test.test(sql)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /// Whether a row had no partition to go to (SQLSTATE 23514, which violated constraints share).
    public static boolean isWithoutPartition(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof SQLException sql && "23514".equals(sql.getSQLState())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isAway(@Nullable String sqlState) {
        return sqlState == null
                || sqlState.startsWith("08")
                || sqlState.startsWith("40")
                || sqlState.startsWith("57P")
                || sqlState.startsWith("53");
    }
}
