package org.agentaudit.graphql;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// GraphQL over HTTP: POST with JSON, GET for queries. Stands in for the Micronaut module's own
/// controller, which runs mutations on GET and takes any content type (architecture 16).
@Controller("/graphql")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
class GraphQlController {
    private final GraphQlEngine engine;
    private final GraphQlConfig config;

    GraphQlController(GraphQlEngine engine, GraphQlConfig config) {
        this.engine = engine;
        this.config = config;
    }

    /// Runs any operation. The content type is checked here and not by the router, so that no
    /// browser form can be a request (cross-site request forgery) and the refusal is a GraphQL
    /// error.
    @Post
    @Consumes(MediaType.ALL)
    HttpResponse<byte[]> post(
            HttpRequest<?> request, Viewer viewer, @Body @Nullable InputStream body) {
        AnswerType type = AnswerType.accepted(request.getHeaders().getAll(HttpHeaders.ACCEPT));
        if (type == null) {
            return notAcceptable();
        }
        if (!isJson(request)) {
            return refused(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    type,
                    ErrorCode.BAD_USER_INPUT,
                    "Send application/json in UTF-8 without Content-Encoding.");
        }
        try {
            byte[] bytes = read(request, body);
            if (bytes == null) {
                return refused(
                        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                        type,
                        ErrorCode.LIMIT_EXCEEDED,
                        "The body is larger than %d bytes.".formatted(config.maxBodyBytes()));
            }
            return run(GraphQlRequest.ofBody(bytes), viewer, type, false);
        } catch (GraphQlRequest.Malformed e) {
            return refused(HttpStatus.BAD_REQUEST, type, ErrorCode.BAD_USER_INPUT, e.reason());
        } catch (IOException e) {
            return refused(
                    HttpStatus.BAD_REQUEST,
                    type,
                    ErrorCode.BAD_USER_INPUT,
                    "The body broke off before its end.");
        }
    }

    /// Runs a query.
    @Get
    HttpResponse<byte[]> get(
            HttpRequest<?> request,
            Viewer viewer,
            @QueryValue @Nullable String query,
            @QueryValue @Nullable String operationName,
            @QueryValue @Nullable String variables,
            @QueryValue @Nullable String extensions) {
        AnswerType type = AnswerType.accepted(request.getHeaders().getAll(HttpHeaders.ACCEPT));
        if (type == null) {
            return notAcceptable();
        }
        try {
            return run(
                    GraphQlRequest.ofParameters(query, operationName, variables, extensions),
                    viewer,
                    type,
                    true);
        } catch (GraphQlRequest.Malformed e) {
            return refused(HttpStatus.BAD_REQUEST, type, ErrorCode.BAD_USER_INPUT, e.reason());
        }
    }

    private HttpResponse<byte[]> run(
            GraphQlRequest request, Viewer viewer, AnswerType type, boolean readOnly) {
        GraphQlEngine.Answer answer = engine.execute(request, viewer, readOnly);
        MutableHttpResponse<byte[]> response = answer(status(answer, type), type, answer.body());
        return answer.outcome() == GraphQlEngine.Outcome.NOT_A_QUERY
                ? response.header(HttpHeaders.ALLOW, "POST")
                : response;
    }

    private static HttpStatus status(GraphQlEngine.Answer answer, AnswerType type) {
        return switch (answer.outcome()) {
            case EXECUTED -> HttpStatus.OK;
            case REFUSED ->
                    type == AnswerType.GRAPHQL_RESPONSE ? HttpStatus.BAD_REQUEST : HttpStatus.OK;
            case NOT_A_QUERY -> HttpStatus.METHOD_NOT_ALLOWED;
            case FAILED -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    private static HttpResponse<byte[]> notAcceptable() {
        return refused(
                HttpStatus.NOT_ACCEPTABLE,
                AnswerType.JSON,
                ErrorCode.BAD_USER_INPUT,
                "Answers are application/graphql-response+json or application/json.");
    }

    private static HttpResponse<byte[]> refused(
            HttpStatus status, AnswerType type, ErrorCode code, String message) {
        return answer(
                status,
                type,
                GraphQlEngine.Answer.failure(GraphQlEngine.Outcome.REFUSED, code, message).body());
    }

    private static MutableHttpResponse<byte[]> answer(
            HttpStatus status, AnswerType type, Map<String, Object> body) {
        return HttpResponse.<byte[]>status(status)
                .header(HttpHeaders.CONTENT_TYPE, type.contentType())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(GraphQlJson.write(body));
    }

    private static boolean isJson(HttpRequest<?> request) {
        String encoding = request.getHeaders().get(HttpHeaders.CONTENT_ENCODING);
        MediaType type = request.getContentType().orElse(null);
        return type != null
                && type.getName().equalsIgnoreCase(MediaType.APPLICATION_JSON)
                && Objects.requireNonNullElse(type.getParametersMap().get("charset"), "utf-8")
                        .equalsIgnoreCase("utf-8")
                && (encoding == null || encoding.equalsIgnoreCase("identity"));
    }

    /// The whole body; null when it is too large. The stream is closed in any case: the server
    /// answers only when it knows that nobody reads on.
    private byte @Nullable [] read(HttpRequest<?> request, @Nullable InputStream body)
            throws IOException {
        if (body == null) {
            return new byte[0];
        }
        try (body) {
            if (request.getContentLength() > config.maxBodyBytes()) {
                return null;
            }
            byte[] bytes = body.readNBytes(config.maxBodyBytes() + 1);
            return bytes.length > config.maxBodyBytes() ? null : bytes;
        }
    }
}
