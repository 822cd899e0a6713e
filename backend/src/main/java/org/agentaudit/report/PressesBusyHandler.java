package org.agentaudit.report;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import jakarta.inject.Singleton;
import org.agentaudit.report.pdf.PressesBusyException;
import org.agentaudit.web.Problems;

/// Answers [PressesBusyException] with the time after which another try is worth it.
@Singleton
class PressesBusyHandler implements ExceptionHandler<PressesBusyException, HttpResponse<?>> {
    private static final String RETRY_AFTER_SECONDS = "15";

    private final Problems problems;

    PressesBusyHandler(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface has it
    public HttpResponse<?> handle(HttpRequest request, PressesBusyException exception) {
        return problems.answer(
                        request,
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The portal makes as many PDFs as it can at once. Try again after the time"
                                + " in Retry-After.")
                .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
}
