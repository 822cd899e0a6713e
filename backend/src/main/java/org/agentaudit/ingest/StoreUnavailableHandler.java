package org.agentaudit.ingest;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.agentaudit.store.StoreUnavailableException;
import org.agentaudit.web.Problems;

/// Answers [StoreUnavailableException] with the time after which the same request is worth another
/// try.
@Singleton
class StoreUnavailableHandler
        implements ExceptionHandler<StoreUnavailableException, HttpResponse<?>> {
    private static final String RETRY_AFTER_SECONDS = "5";

    private final Problems problems;

    StoreUnavailableHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, StoreUnavailableException exception) {
        return problems.answer(
                        request,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        exception.getMessage()
                                + " Send the request again after the time in Retry-After: what of"
                                + " it is stored all the same counts as a duplicate then.")
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
}
