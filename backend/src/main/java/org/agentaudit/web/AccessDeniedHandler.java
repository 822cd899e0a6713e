package org.agentaudit.web;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import java.util.Objects;
import org.agentaudit.access.AccessDeniedException;

/// What the core denies is 403, with the role it takes.
@Singleton
class AccessDeniedHandler implements ExceptionHandler<AccessDeniedException, HttpResponse<?>> {
    private final Problems problems;

    AccessDeniedHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, AccessDeniedException exception) {
        return problems.answer(
                request,
                HttpStatus.FORBIDDEN,
                Objects.requireNonNullElse(
                        exception.getMessage(), "Your roles do not allow this."));
    }
}
