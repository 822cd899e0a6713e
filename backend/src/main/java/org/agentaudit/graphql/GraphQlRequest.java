package org.agentaudit.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request of GraphQL over HTTP, well-formed.
///
/// @param operationName which operation of the document to run; null when there is only one
record GraphQlRequest(
        String query,
        @Nullable String operationName,
        Map<String, Object> variables,
        Map<String, Object> extensions) {

    /// The request's shape is wrong; the message says what to change.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }

        String reason() {
            String message = getMessage();
            return message == null ? "" : message;
        }
    }

    /// Reads the JSON body of a POST. Members nobody knows are ignored.
    static GraphQlRequest ofBody(byte[] body) throws Malformed {
        JsonNode json = json(utf8(body), "The body");
        if (json.isArray()) {
            throw new Malformed("Batches are not supported: send one request per call.");
        }
        return of(json, "The body");
    }

    /// Reads a request that is a JSON value already.
    ///
    /// @param what names it in messages
    static GraphQlRequest of(JsonNode json, String what) throws Malformed {
        if (!json.isObject()) {
            throw new Malformed(what + " must be a JSON object with a 'query'.");
        }
        return new GraphQlRequest(
                required(text(json, "query")),
                text(json, "operationName"),
                object("variables", json.get("variables")),
                object("extensions", json.get("extensions")));
    }

    /// Reads the parameters of a GET; `variables` and `extensions` are JSON text.
    static GraphQlRequest ofParameters(
            @Nullable String query,
            @Nullable String operationName,
            @Nullable String variables,
            @Nullable String extensions)
            throws Malformed {
        return new GraphQlRequest(
                required(query),
                operationName == null || operationName.isEmpty() ? null : operationName,
                parameter("variables", variables),
                parameter("extensions", extensions));
    }

    private static Map<String, Object> parameter(String name, @Nullable String text)
            throws Malformed {
        return text == null || text.isEmpty()
                ? Map.of()
                : object(name, json(text, "'" + name + "'"));
    }

    private static String required(@Nullable String query) throws Malformed {
        if (query == null || query.isBlank()) {
            throw new Malformed("'query' is missing: it holds the GraphQL document.");
        }
        return query;
    }

    private static @Nullable String text(JsonNode json, String name) throws Malformed {
        JsonNode value = json.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new Malformed("'" + name + "' must be a string.");
        }
        return value.textValue();
    }

    private static Map<String, Object> object(String name, @Nullable JsonNode value)
            throws Malformed {
        if (value == null || value.isNull()) {
            return Map.of();
        }
        if (!value.isObject()) {
            throw new Malformed("'" + name + "' must be an object.");
        }
        return GraphQlJson.plain(value);
    }

    private static JsonNode json(String text, String what) throws Malformed {
        try {
            return GraphQlJson.readRequest(text);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where =
                    at == null
                            ? ""
                            : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
            throw new Malformed(what + " is not a JSON value" + where + ".");
        }
    }

    private static String utf8(byte[] body) throws Malformed {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("The body is not UTF-8.");
        }
    }
}
