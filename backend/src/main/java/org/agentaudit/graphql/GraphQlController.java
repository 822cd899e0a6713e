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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/// GraphQL over HTTP: POST with JSON, GET for queries; answers of subscriptions are event streams.
/// Stands in for the Micronaut module's own controller, which runs mutations on GET and takes any
/// content type (architecture 16).
@Controller("/graphql")
@Secured(SecurityRule.IS_AUTHENTICATED)
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
class GraphQlController {
    private final GraphQlEngine engine;
    private final EventStreams streams;
    private final GraphQlConfig config;

    GraphQlController(GraphQlEngine engine, EventStreams streams, GraphQlConfig config) {
        this.engine = engine;
        this.streams = streams;
        this.config = config;
    }

    /// Runs any operation. The content type is checked here and not by the router, so that no
    /// browser form can be a request (cross-site request forgery) and the refusal is a GraphQL
    /// error.
    @Post
    @Consumes(MediaType.ALL)
    HttpResponse<?> post(HttpRequest<?> request, Viewer viewer, @Body @Nullable InputStream body) {
        Wanted wanted = Wanted.by(request);
        if (wanted == null) {
            return notAcceptable();
        }
        AnswerType type = wanted.type();
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
            return run(request, GraphQlRequest.ofBody(bytes), viewer, wanted, false);
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

    /// Runs a query or follows a subscription.
    @Get
    HttpResponse<?> get(
            HttpRequest<?> request,
            Viewer viewer,
            @QueryValue @Nullable String query,
            @QueryValue @Nullable String operationName,
            @QueryValue @Nullable String variables,
            @QueryValue @Nullable String extensions) {
        Wanted wanted = Wanted.by(request);
        if (wanted == null) {
            return notAcceptable();
        }
        try {
            return run(
                    request,
                    GraphQlRequest.ofParameters(query, operationName, variables, extensions),
                    viewer,
                    wanted,
                    true);
        } catch (GraphQlRequest.Malformed e) {
            return refused(
                    HttpStatus.BAD_REQUEST, wanted.type(), ErrorCode.BAD_USER_INPUT, e.reason());
        }
    }

    /// What a client takes as an answer.
    ///
    /// @param type     of a single answer and of errors
    /// @param stream   whether an event stream is asked for by name
    /// @param onlyThat whether nothing else is taken
    private record Wanted(AnswerType type, boolean stream, boolean onlyThat) {
        static @Nullable Wanted by(HttpRequest<?> request) {
            List<String> accept = request.getHeaders().getAll(HttpHeaders.ACCEPT);
            AnswerType type = AnswerType.accepted(accept);
            boolean stream = EventStreams.accepted(accept);
            if (type == null) {
                return stream ? new Wanted(AnswerType.JSON, true, true) : null;
            }
            return new Wanted(type, stream, false);
        }
    }

    private HttpResponse<?> run(
            HttpRequest<?> http,
            GraphQlRequest request,
            Viewer viewer,
            Wanted wanted,
            boolean readOnly) {
        AnswerType type = wanted.type();
        if (wanted.stream() && engine.isSubscription(request)) {
            try {
                return stream(streams.follow(http, request));
            } catch (GraphQlException e) {
                HttpStatus status =
                        e.code() == ErrorCode.LIMIT_EXCEEDED
                                ? HttpStatus.TOO_MANY_REQUESTS
                                : HttpStatus.UNAUTHORIZED;
                return refused(status, type, e.code(), Objects.toString(e.getMessage()));
            }
        }
        GraphQlEngine.Answer answer = engine.execute(request, viewer, readOnly);
        if (wanted.onlyThat() && answer.outcome() != GraphQlEngine.Outcome.NOT_A_QUERY) {
            return stream(EventStreams.of(answer.body()));
        }
        MutableHttpResponse<byte[]> response = answer(status(answer, type), type, answer.body());
        return answer.outcome() == GraphQlEngine.Outcome.NOT_A_QUERY
                ? response.header(HttpHeaders.ALLOW, "POST")
                : response;
    }

    private static HttpResponse<?> stream(Flux<byte[]> parts) {
        return HttpResponse.ok(parts)
                .header(HttpHeaders.CONTENT_TYPE, EventStreams.CONTENT_TYPE + "; charset=utf-8")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // proxies that collect answers before they pass them on
                .header("X-Accel-Buffering", "no");
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
                "Answers are application/graphql-response+json or application/json, of subscriptions"
                        + " text/event-stream.");
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
