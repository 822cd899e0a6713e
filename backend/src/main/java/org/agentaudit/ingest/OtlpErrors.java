package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.CodedOutputStream;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Gives errors of the OTLP routes the form the protocol wants: a `google.rpc.Status` in the
/// encoding of the request. Whoever made the error, its sentence and its headers stay.
@ServerFilter("/v1/**")
@Order(Ordered.HIGHEST_PRECEDENCE)
class OtlpErrors {
    private static final int FIRST_ERROR = 400;
    private static final int CODE_FIELD = 1;
    private static final int MESSAGE_FIELD = 2;

    private final ObjectMapper json;

    OtlpErrors(ObjectMapper json) {
        this.json = json;
    }

    @ResponseFilter
    void error(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (response.code() < FIRST_ERROR) {
            return;
        }
        String message = message(response);
        int code = code(response.code());
        String type = request.getHeaders().get(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.startsWith(OtlpController.PROTOBUF)) {
            response.body(protobuf(code, message)).contentType(OtlpController.PROTOBUF);
        } else {
            String status =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("code", code)
                            .put("message", message)
                            .toString();
            response.body(status).contentType(MediaType.APPLICATION_JSON_TYPE);
        }
    }

    /// The sentence of the problem (RFC 9457) that the answer is everywhere else.
    private String message(MutableHttpResponse<?> response) {
        Object body = response.body();
        try {
            String detail =
                    body instanceof String text
                            ? json.readTree(text).path("detail").asText("")
                            : "";
            return detail.isEmpty() ? response.reason() : detail;
        } catch (JsonProcessingException e) {
            return response.reason(); // not a problem: the status says what is known
        }
    }

    /// The code of gRPC that stands for a status of HTTP.
    private static int code(int status) {
        return switch (status) {
            case 400, 413, 415 -> 3;
            case 401 -> 16;
            case 403 -> 7;
            case 404, 405 -> 12;
            case 429 -> 8;
            case 503 -> 14;
            default -> 13;
        };
    }

    private static byte[] protobuf(int code, String message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeInt32(CODE_FIELD, code);
            out.writeString(MESSAGE_FIELD, message);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
