package org.agentaudit.ingest;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.agentaudit.web.Problems;

/// Answers [BodyTooLargeException].
@Singleton
class BodyTooLargeHandler implements ExceptionHandler<BodyTooLargeException, HttpResponse<?>> {
    private final Problems problems;

    BodyTooLargeHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, BodyTooLargeException exception) {
        return problems.answer(
                request,
                HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                String.valueOf(exception.getMessage()));
    }
}
