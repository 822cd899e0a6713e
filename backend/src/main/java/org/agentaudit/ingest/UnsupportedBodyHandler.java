package org.agentaudit.ingest;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.agentaudit.web.Problems;

/// Answers [UnsupportedBodyException].
@Singleton
class UnsupportedBodyHandler
        implements ExceptionHandler<UnsupportedBodyException, HttpResponse<?>> {
    private final Problems problems;

    UnsupportedBodyHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, UnsupportedBodyException exception) {
        return problems.answer(
                request, HttpStatus.UNSUPPORTED_MEDIA_TYPE, String.valueOf(exception.getMessage()));
    }
}
