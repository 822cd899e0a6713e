package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A client of `graphql-transport-ws` that does as little as possible.
final class SocketClient implements WebSocket.Listener, AutoCloseable {
    private static final long PATIENCE = 15;

    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final CompletableFuture<String> reason = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ReentrantLock sending = new ReentrantLock();
    private final boolean reads;
    volatile boolean answersPings = true;
    final WebSocket socket;

    /// @param protocol null: none is asked for
    /// @param reads    false: takes nothing from the network
    SocketClient(
            HttpClient http,
            URI base,
            @Nullable String protocol,
            boolean reads,
            String... headers) {
        this.reads = reads;
        WebSocket.Builder builder =
                http.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        if (protocol != null) {
            builder.subprotocols(protocol);
        }
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket =
                builder.buildAsync(URI.create(base.toString().replaceFirst("^http", "ws")), this)
                        .join();
    }

    /// Connected, and told by `connection_init` who it is.
    static SocketClient signedIn(RunningPortal portal, String token) {
        SocketClient client = anonymous(portal);
        client.init(token);
        assertThat(client.next().get("type").asText()).isEqualTo("connection_ack");
        return client;
    }

    static SocketClient anonymous(RunningPortal portal, String... headers) {
        return new SocketClient(
                portal.http, portal.uri("/graphql-ws"), SocketConnection.PROTOCOL, true, headers);
    }

    void init(String token) {
        send(
                "{\"type\":\"connection_init\",\"payload\":{\"Authorization\":\"Bearer %s\"}}"
                        .formatted(token));
    }

    void send(String message) {
        send(socket, message);
    }

    /// One message at a time is what the JDK's client takes.
    private void send(WebSocket to, String message) {
        sending.lock();
        try {
            to.sendText(message, true).join();
        } finally {
            sending.unlock();
        }
    }

    void subscribe(String id, String query) {
        try {
            send(
                    "{\"id\":\"%s\",\"type\":\"subscribe\",\"payload\":{\"query\":%s}}"
                            .formatted(id, RunningPortal.JSON.writeValueAsString(query)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The next message but pings.
    JsonNode next() {
        JsonNode message = poll(Duration.ofSeconds(PATIENCE));
        if (message == null) {
            throw new AssertionError("no message; closed: " + closed.getNow(null));
        }
        return message;
    }

    /// The next message but pings; null when none comes in time.
    @Nullable JsonNode poll(Duration patience) {
        try {
            return messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The next message, which must be an answer to `id`.
    JsonNode data(String id) {
        JsonNode message = next();
        assertThat(message.get("type").asText()).as(message.toString()).isEqualTo("next");
        assertThat(message.get("id").asText()).isEqualTo(id);
        return message.at("/payload/data");
    }

    /// Code of the next message, which must be an error of `id`.
    String error(String id) {
        JsonNode message = next();
        assertThat(message.get("type").asText()).as(message.toString()).isEqualTo("error");
        assertThat(message.get("id").asText()).isEqualTo(id);
        return message.at("/payload/0/extensions/code").asText();
    }

    int closeCode() {
        try {
            return closed.get(PATIENCE, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not closed; waiting: " + messages, e);
        }
    }

    String closeReason() {
        return reason.join();
    }

    @Override
    public void onOpen(WebSocket opened) {
        if (reads) {
            opened.request(1);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            try {
                JsonNode message = RunningPortal.JSON.readTree(text.toString());
                if (!message.get("type").asText().equals("ping")) {
                    messages.add(message);
                } else if (answersPings) {
                    send(from, "{\"type\":\"pong\"}");
                }
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String why) {
        reason.complete(why);
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        closed.completeExceptionally(failure);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
