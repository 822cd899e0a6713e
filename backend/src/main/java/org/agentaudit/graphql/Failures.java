package org.agentaudit.graphql;

import graphql.ErrorType;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.language.SourceLocation;
import graphql.validation.ValidationError;
import graphql.validation.ValidationErrorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.query.BadInputException;
import org.agentaudit.store.StoreBusyException;
import org.agentaudit.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever went wrong into GraphQL errors with a code. Messages of exceptions nobody foresaw
/// stay in the log, under an id that the caller is told.
final class Failures implements DataFetcherExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final String CODE = "code";

    /// Set in the context of a request whose answer nobody waits for any more: what then breaks
    /// under it is no fault of the portal.
    static final String ABANDONED = "portal.abandoned";

    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
            DataFetcherExceptionHandlerParameters parameters) {
        boolean abandoned =
                parameters
                        .getDataFetchingEnvironment()
                        .getGraphQlContext()
                        .getBoolean(ABANDONED, false);
        Failure failure =
                abandoned
                        ? new Failure(ErrorCode.LIMIT_EXCEEDED, "Given up at the deadline.", null)
                        : of(parameters.getException(), parameters.getPath().toString());
        GraphQLError error =
                GraphqlErrorBuilder.newError()
                        .message("%s", failure.message())
                        .path(parameters.getPath())
                        .location(parameters.getSourceLocation())
                        .errorType(ErrorType.DataFetchingException)
                        .extensions(failure.extensions())
                        .build();
        return CompletableFuture.completedFuture(
                DataFetcherExceptionHandlerResult.newResult(error).build());
    }

    /// What the caller is told about an exception.
    ///
    /// @param errorId where to find it in the log; null when the message says all there is
    record Failure(ErrorCode code, String message, @Nullable String errorId) {
        Map<String, Object> extensions() {
            return errorId == null
                    ? Map.of(CODE, code.name())
                    : Map.of(CODE, code.name(), "errorId", errorId);
        }
    }

    /// @param where path of the field or name of the step, for the log
    static Failure of(Throwable thrown, String where) {
        Throwable cause = unwrap(thrown);
        return switch (cause) {
            case GraphQlException known -> new Failure(known.code(), message(known), null);
            case AccessDeniedException denied ->
                    new Failure(ErrorCode.FORBIDDEN, message(denied), null);
            case BadInputException bad -> new Failure(ErrorCode.BAD_USER_INPUT, message(bad), null);
            case StoreBusyException busy ->
                    new Failure(ErrorCode.LIMIT_EXCEEDED, message(busy), null);
            case StoreUnavailableException away ->
                    logged(away, where, "The database cannot be reached. Try again shortly.");
            default -> logged(cause, where, "Something went wrong inside the portal.");
        };
    }

    private static Failure logged(Throwable cause, String where, String message) {
        String errorId = UUID.randomUUID().toString();
        LOG.error("GraphQL error {} at {}", errorId, where, cause);
        return new Failure(
                ErrorCode.INTERNAL, message + " The log has more under " + errorId + ".", errorId);
    }

    private static String message(RuntimeException exception) {
        String message = exception.getMessage();
        return message == null ? "No reason given." : message;
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable current = thrown;
        while (current instanceof CompletionException || current instanceof ExecutionException) {
            Throwable cause = current.getCause();
            if (cause == null) {
                return current;
            }
            current = cause;
        }
        return current;
    }

    /// An error as it is sent: message, locations, path, and nothing in `extensions` but code and
    /// error id.
    static Map<String, Object> toSpecification(GraphQLError error) {
        Map<String, Object> sent = new LinkedHashMap<>();
        String message = error.getMessage();
        sent.put("message", message == null ? "No reason given." : message);
        List<SourceLocation> locations = error.getLocations();
        if (locations != null && !locations.isEmpty()) {
            sent.put(
                    "locations",
                    locations.stream()
                            .map(at -> Map.of("line", at.getLine(), "column", at.getColumn()))
                            .toList());
        }
        List<Object> path = error.getPath();
        // A validation error's path names fields of the document, not of an answer.
        if (path != null && !(error instanceof ValidationError)) {
            sent.put("path", path);
        }
        sent.put("extensions", extensions(error));
        return sent;
    }

    /// An error without a place in the document.
    static Map<String, Object> toSpecification(Failure failure) {
        Map<String, Object> sent = new LinkedHashMap<>();
        sent.put("message", failure.message());
        sent.put("extensions", failure.extensions());
        return sent;
    }

    private static Map<String, Object> extensions(GraphQLError error) {
        Map<String, Object> extensions = error.getExtensions();
        return extensions != null && extensions.containsKey(CODE)
                ? extensions
                : Map.of(CODE, code(error).name());
    }

    private static ErrorCode code(GraphQLError error) {
        if (error instanceof ValidationError validation) {
            boolean limit =
                    validation.getValidationErrorType() == ValidationErrorType.MaxQueryDepthExceeded
                            || validation.getValidationErrorType()
                                    == ValidationErrorType.MaxQueryFieldsExceeded;
            return limit ? ErrorCode.LIMIT_EXCEEDED : ErrorCode.BAD_USER_INPUT;
        }
        if (error.getErrorType() instanceof ErrorType type) {
            return switch (type) {
                case ExecutionAborted -> ErrorCode.LIMIT_EXCEEDED;
                case InvalidSyntax, ValidationError, OperationNotSupported ->
                        ErrorCode.BAD_USER_INPUT;
                case DataFetchingException, NullValueInNonNullableField -> ErrorCode.INTERNAL;
            };
        }
        return ErrorCode.INTERNAL;
    }
}
