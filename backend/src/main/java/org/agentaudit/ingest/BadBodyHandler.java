package org.agentaudit.ingest;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.agentaudit.web.Problems;

/// Answers [BadBodyException].
@Singleton
class BadBodyHandler implements ExceptionHandler<BadBodyException, HttpResponse<?>> {
    private final Problems problems;

    BadBodyHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, BadBodyException exception) {
        return problems.answer(
                request, HttpStatus.BAD_REQUEST, String.valueOf(exception.getMessage()));
    }
}
