package org.agentaudit.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/// The one place that tells a database that cannot be reached from a mistake in a statement.
public final class DatabaseFailures {
    private static final int MAX_CAUSES = 20;

    private DatabaseFailures() {}

    /// Whether trying again later may help: connection lost or refused (SQLSTATE class 08), server
    /// stopping or starting (57P), out of disk, memory or connections (53). The connection pool's
    /// own failures carry no SQLSTATE at all.
    public static boolean isAway(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof SQLTransientConnectionException
                    || (cause instanceof SQLException sql && isAway(sql.getSQLState()))) {
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
                || sqlState.startsWith("57P")
                || sqlState.startsWith("53");
    }
}
