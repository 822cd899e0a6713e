package org.agentaudit.query;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.agentaudit.web.Problems;

/// A question that cannot be answered as asked is 400, with what to change.
@Singleton
class BadInputHandler implements ExceptionHandler<BadInputException, HttpResponse<?>> {
    private final Problems problems;

    BadInputHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, BadInputException exception) {
        return problems.answer(
                request,
                HttpStatus.BAD_REQUEST,
                Objects.requireNonNullElse(exception.getMessage(), "The input cannot be used."));
    }
}
