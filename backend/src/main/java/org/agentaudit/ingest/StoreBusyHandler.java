package org.agentaudit.ingest;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.agentaudit.store.StoreBusyException;
import org.agentaudit.web.Problems;

/// Answers [StoreBusyException] with the time after which the same request is worth another try.
@Singleton
class StoreBusyHandler implements ExceptionHandler<StoreBusyException, HttpResponse<?>> {
    private static final String RETRY_AFTER_SECONDS = "1";

    private final Problems problems;

    StoreBusyHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, StoreBusyException exception) {
        return problems.answer(
                        request,
                        HttpStatus.TOO_MANY_REQUESTS,
                        "The store is behind and took nothing of this request."
                                + " Send it again after the time in Retry-After.")
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
}
