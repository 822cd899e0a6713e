package org.agentaudit.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message of a client in `graphql-transport-ws`.
sealed interface SocketMessage {

    int MAX_ID = 256;

    /// @param authorization what an `Authorization` header would hold; null when there is none
    record Init(@Nullable String authorization) implements SocketMessage {}

    record Ping() implements SocketMessage {}

    record Pong() implements SocketMessage {}

    record Subscribe(String id, GraphQlRequest request) implements SocketMessage {}

    record Complete(String id) implements SocketMessage {}

    /// @throws GraphQlRequest.Malformed when it is no message of the protocol; the reason is fit
    ///     for a close frame
    static SocketMessage of(String text) throws GraphQlRequest.Malformed {
        JsonNode json;
        try {
            json = GraphQlJson.readRequest(text);
        } catch (JsonProcessingException e) {
            throw new GraphQlRequest.Malformed("A message must be one JSON object.");
        }
        if (!json.isObject()) {
            throw new GraphQlRequest.Malformed("A message must be one JSON object.");
        }
        JsonNode payload = json.path("payload");
        if (!payload.isMissingNode() && !payload.isNull() && !payload.isObject()) {
            throw new GraphQlRequest.Malformed("The message's 'payload' must be an object.");
        }
        return switch (json.path("type").asText()) {
            case "connection_init" -> new Init(authorization(payload));
            case "ping" -> new Ping();
            case "pong" -> new Pong();
            case "complete" -> new Complete(id(json));
            case "subscribe" ->
                    new Subscribe(id(json), GraphQlRequest.of(payload, "The message's 'payload'"));
            default ->
                    throw new GraphQlRequest.Malformed(
                            "The message's 'type' is none of graphql-transport-ws.");
        };
    }

    private static @Nullable String authorization(JsonNode payload) {
        for (JsonNode holder : List.of(payload, payload.path("headers"))) {
            for (String name : List.of("Authorization", "authorization")) {
                if (holder.path(name).isTextual()) {
                    return holder.path(name).textValue();
                }
            }
        }
        return null;
    }

    private static String id(JsonNode json) throws GraphQlRequest.Malformed {
        JsonNode id = json.path("id");
        if (!id.isTextual() || id.textValue().isEmpty() || id.textValue().length() > MAX_ID) {
            throw new GraphQlRequest.Malformed(
                    "The message's 'id' must be a string of 1 to %d characters.".formatted(MAX_ID));
        }
        return id.textValue();
    }
}
