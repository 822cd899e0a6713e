package org.agentaudit.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What no other handler knows: 503 with `Retry-After` while PostgreSQL is away, else 500 and an
// entry in the portal's log.
@Singleton
class FailureHandler implements ExceptionHandler<Exception, HttpResponse<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final String RETRY_AFTER_SECONDS = "5";
    private static final int MAX_CAUSES = 20;

    private final Problems problems;

    FailureHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, Exception exception) {
        if (isDatabaseAway(exception)) {
            LOG.warn("the database is away: {}", exception.toString());
            return problems.answer(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "The portal cannot reach its database. Nothing was changed; try again"
                                    + " in a few seconds.")
                    .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        LOG.error("{} {} failed", request.getMethodName(), request.getPath(), exception);
        return problems.answer(
                request,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "The portal could not answer. Its log says why.");
    }

    private static boolean isDatabaseAway(Throwable exception) {
        Throwable cause = exception;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof SQLNonTransientConnectionException
                    || (cause instanceof SQLException sql && isAway(sql.getSQLState()))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /// Connection failures (08), the server shutting down or starting (57P01 to 57P03), too many
    // connections (53300).
    private static boolean isAway(@Nullable String sqlState) {
        return sqlState != null
                && (sqlState.startsWith("08")
                        || sqlState.startsWith("57P0")
                        || sqlState.equals("53300"));
    }
}
