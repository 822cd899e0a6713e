package org.agentaudit.web;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.server.exceptions.response.Error;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/// Gives the errors that the HTTP server finds itself (unknown address, wrong method, unreadable
/// body) the portal's form.
@Singleton
class ErrorProcessor implements ErrorResponseProcessor<Object> {
    private final Problems problems;

    ErrorProcessor(Problems problems) {
        this.problems = problems;
    }

    @Override
    @SuppressWarnings("unchecked") // the body is a text whatever the server wanted it to be
    public MutableHttpResponse<Object> processResponse(
            ErrorContext context, MutableHttpResponse<?> response) {
        return (MutableHttpResponse<Object>)
                problems.fill(context.getRequest(), response, detail(context, response.status()));
    }

    private static String detail(ErrorContext context, HttpStatus status) {
        if (status.getCode() >= 500) {
            return "The portal could not answer. Its log says why.";
        }
        return switch (status) {
            case NOT_FOUND -> "There is nothing at this address.";
            case METHOD_NOT_ALLOWED ->
                    "This address does not take "
                            + context.getRequest().getMethodName().toUpperCase(Locale.ROOT)
                            + "; the header Allow says what it takes.";
            case UNSUPPORTED_MEDIA_TYPE ->
                    "This address does not take a body of this Content-Type.";
            case NOT_ACCEPTABLE ->
                    "This address has nothing of the type the header Accept asks for.";
            case REQUEST_ENTITY_TOO_LARGE -> "The body is over the size limit; send less at once.";
            default -> messages(context, status);
        };
    }

    private static String messages(ErrorContext context, HttpStatus status) {
        Throwable cause = context.getRootCause().orElse(null);
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof JsonProcessingException unreadable) {
                return explained(unreadable);
            }
        }
        String messages =
                context.getErrors().stream()
                        .map(Error::getMessage)
                        .collect(Collectors.joining("; "));
        return messages.isBlank() ? status.getReason() : messages;
    }

    /// The parser's own messages name our classes and its features, so only the place is told.
    private static String explained(JsonProcessingException unreadable) {
        if (!(unreadable instanceof JsonMappingException wrongType)) {
            JsonLocation location = unreadable.getLocation();
            return location == null
                    ? "The body is not JSON."
                    : "The body is not JSON; it cannot be read at line %d, column %d."
                            .formatted(location.getLineNr(), location.getColumnNr());
        }
        String place =
                wrongType.getPath().stream()
                        .map(JsonMappingException.Reference::getFieldName)
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("."));
        return place.isEmpty()
                ? "The body is JSON, but not the object that is expected here."
                : "The member " + place + " of the body has the wrong type.";
    }
}
