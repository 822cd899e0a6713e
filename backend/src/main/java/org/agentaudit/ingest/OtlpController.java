package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.agentaudit.ingest.normal.RejectedException;
import org.agentaudit.ingest.otlp.OtlpJson;
import org.agentaudit.ingest.otlp.OtlpProtobuf;
import org.agentaudit.ingest.otlp.Signal;
import org.agentaudit.web.Problems;

/// Takes OTLP/HTTP, traces and logs, in protobuf and in JSON. Answers after the commit, in the
/// encoding of the request; errors are given their form by [OtlpErrors].
@Controller
@Secured("INGESTOR")
@Consumes(MediaType.ALL)
@Produces({MediaType.APPLICATION_JSON, OtlpController.PROTOBUF, MediaType.ALL})
class OtlpController {
    static final String PROTOBUF = "application/x-protobuf";

    private static final String ORIGIN = "otlp";
    /// Five levels of JSON for each level of a nested attribute, and some around it.
    private static final int MAX_JSON_DEPTH = 500;

    private final IngestPipeline pipeline;
    private final RequestBodies bodies;
    private final Problems problems;

    OtlpController(IngestPipeline pipeline, RequestBodies bodies, Problems problems) {
        this.pipeline = pipeline;
        this.bodies = bodies;
        this.problems = problems;
    }

    @Post("/v1/traces")
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<?> traces(HttpRequest<byte[]> request) {
        return take(request, OtlpController::spans, OtlpAnswer.TRACES);
    }

    @Post("/v1/logs")
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<?> logs(HttpRequest<byte[]> request) {
        return take(request, OtlpController::records, OtlpAnswer.LOGS);
    }

    /// Exporters send metrics when they are not told otherwise: an error they do not repeat, which
    /// says how to stop it.
    @Post("/v1/metrics")
    HttpResponse<?> metrics(HttpRequest<?> request) {
        return problems.answer(
                request,
                HttpStatus.NOT_FOUND,
                "The portal takes traces and logs, no metrics: set OTEL_METRICS_EXPORTER=none.");
    }

    private HttpResponse<?> take(
            HttpRequest<byte[]> request,
            BiConsumer<byte[], Consumer<Signal>> protobuf,
            OtlpAnswer answer) {
        boolean json = isJson(request);
        byte[] sent = request.getBody().orElse(new byte[0]); // an empty request of protobuf
        IngestResult result =
                bodies.take(
                        request,
                        sent,
                        bytes ->
                                pipeline.ingest(
                                        bytes.length,
                                        sink -> {
                                            if (json) {
                                                json(bytes, sink);
                                            } else {
                                                protobuf.accept(bytes, sink);
                                            }
                                        },
                                        ORIGIN));
        return json
                ? HttpResponse.ok(answer.json(result)).contentType(MediaType.APPLICATION_JSON_TYPE)
                : HttpResponse.ok(answer.protobuf(result)).contentType(MediaType.of(PROTOBUF));
    }

    /// @throws UnsupportedBodyException when the body is neither JSON nor protobuf
    private static boolean isJson(HttpRequest<?> request) {
        String header = request.getHeaders().get(HttpHeaders.CONTENT_TYPE);
        String type =
                header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "application/json" -> true;
            case PROTOBUF -> false;
            default ->
                    throw new UnsupportedBodyException(
                            "Content-Type is neither application/x-protobuf nor application/json");
        };
    }

    private static void spans(byte[] body, Consumer<Signal> sink) {
        try {
            OtlpProtobuf.spans(body, ItemReader::textAsJson, sink);
        } catch (InvalidProtocolBufferException e) {
            throw new BadBodyException("the body is no ExportTraceServiceRequest in protobuf");
        }
    }

    private static void records(byte[] body, Consumer<Signal> sink) {
        try {
            OtlpProtobuf.logs(body, ItemReader::textAsJson, sink);
        } catch (InvalidProtocolBufferException e) {
            throw new BadBodyException("the body is no ExportLogsServiceRequest in protobuf");
        }
    }

    private static void json(byte[] body, Consumer<Signal> sink) {
        int fault = Utf8.firstFault(body, 0, body.length);
        if (fault >= 0) {
            throw new BadBodyException("byte " + fault + " is not UTF-8: send the body as UTF-8");
        }
        byte[] readable = DeepNesting.without(body, false, ItemReader.MAX_PARSER_DEPTH);
        try (JsonParser parser = ItemReader.JSON.createParser(readable)) {
            if (parser.nextToken() == null) {
                throw new BadBodyException("the body is empty: send {} for nothing");
            }
            JsonNode request = ItemReader.read(parser, MAX_JSON_DEPTH).value();
            if (parser.nextToken() != null || !request.isObject()) {
                throw new BadBodyException("the body must be one JSON object");
            }
            OtlpJson.signals(request, ItemReader::textAsJson, sink);
        } catch (RejectedException e) {
            throw new BadBodyException(e.reason());
        } catch (JsonProcessingException e) {
            throw new BadBodyException("the body is not JSON");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }
}
