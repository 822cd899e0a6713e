package org.agentaudit.web;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.io.EOFException;
import org.agentaudit.database.DatabaseFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What no other handler knows: 503 with `Retry-After` while PostgreSQL is away, else 500 and an
/// entry in the portal's log.
@Singleton
class FailureHandler implements ExceptionHandler<Exception, HttpResponse<?>> {
    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final String RETRY_AFTER_SECONDS = "5";
    /// What the server says of a client that closed, or had to be closed, in the middle of a body.
    private static final String BROKEN_OFF = "Connection closed before full body was received";

    private final Problems problems;

    FailureHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, Exception exception) {
        if (DatabaseFailures.isAway(exception)) {
            LOG.warn("the database is away: {}", exception.toString());
            return problems.answer(
                            request,
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "The portal cannot reach its database. Nothing was changed; try again"
                                    + " in a few seconds.")
                    .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (exception instanceof EOFException && BROKEN_OFF.equals(exception.getMessage())) {
            LOG.debug("{} {} broke off", request.getMethodName(), request.getPath());
            return problems.answer(
                    request,
                    HttpStatus.BAD_REQUEST,
                    "The connection ended before the whole body had arrived.");
        }
        LOG.error("{} {} failed", request.getMethodName(), request.getPath(), exception);
        return problems.answer(
                request,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "The portal could not answer. Its log says why.");
    }
}
