package org.agentaudit.graphql;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.websocket.CloseReason;
import io.micronaut.websocket.WebSocketSession;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agentaudit.access.Credential;
import org.agentaudit.access.Identification;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket: its messages are read by one thread, in order, and each operation runs in a
/// thread of its own. Whatever is kept for it is bounded.
final class SocketConnection {
    static final String PROTOCOL = "graphql-transport-ws";

    static final CloseReason BAD_MESSAGE =
            new CloseReason(4400, "A message is too long or cannot be read.");

    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    private static final CloseReason UNAUTHORIZED =
            new CloseReason(4401, "Unauthorized: send connection_init first.");
    private static final CloseReason FORBIDDEN =
            new CloseReason(4403, "Forbidden: your sign-in is missing, wrong or over.");
    private static final CloseReason CHANGED =
            new CloseReason(4403, "Forbidden: your sign-in is over or your rights have changed.");
    private static final CloseReason NO_PROTOCOL =
            new CloseReason(4406, "Subprotocol not acceptable: ask for graphql-transport-ws.");
    private static final CloseReason INIT_TIMEOUT =
            new CloseReason(4408, "Connection initialisation timeout");
    private static final CloseReason INIT_TWICE =
            new CloseReason(4429, "Too many initialisation requests");
    private static final CloseReason TOO_MANY =
            new CloseReason(1013, "Too many connections: try again later.");
    private static final CloseReason FLOOD =
            new CloseReason(1008, "More messages than can be worked on.");
    private static final CloseReason TOO_SLOW =
            new CloseReason(1013, "Too slow: answers were not taken in time.");
    private static final CloseReason SILENT = new CloseReason(1001, "No sign of life.");
    private static final CloseReason IDLE = new CloseReason(1001, "Idle: nothing was running.");
    private static final CloseReason STOPPING = new CloseReason(1001, "The portal is stopping.");
    private static final CloseReason FAILED =
            new CloseReason(4500, "Something went wrong inside the portal.");

    /// Messages of the client that wait for being worked on.
    private static final int INBOX = 100;
    /// Pings a client may leave without a word.
    private static final int SILENT_PINGS = 3;
    /// Time for the close frame to leave.
    private static final Duration LINGER = Duration.ofSeconds(3);
    private static final Duration TICK = Duration.ofMillis(250);

    private final GraphQlEngine engine;
    private final LiveSubscriptions live;
    private final Identification identification;
    private final LiveConfig config;
    private final WebSocketSession session;
    private final Channel channel;
    private final HttpRequest<?> request;
    private final Runnable stop = () -> close(STOPPING);
    private final BlockingQueue<String> inbox = new ArrayBlockingQueue<>(INBOX);
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long heardAt = System.nanoTime();
    private volatile long busyAt = System.nanoTime();

    /// Only used by the thread that reads messages.
    private @Nullable Credential credential;

    SocketConnection(
            GraphQlEngine engine,
            LiveSubscriptions live,
            Identification identification,
            LiveConfig config,
            WebSocketSession session,
            Channel channel,
            HttpRequest<?> request) {
        this.engine = engine;
        this.live = live;
        this.identification = identification;
        this.config = config;
        this.session = session;
        this.channel = channel;
        this.request = request;
    }

    /// Called on the event loop, as the next four are: none of them waits.
    void start() {
        if (session.getSubprotocol().isEmpty()) {
            close(NO_PROTOCOL);
        } else if (!live.connect(stop)) {
            close(TOO_MANY);
        } else {
            thread(this::read);
        }
    }

    void receive(String message) {
        heardAt = System.nanoTime();
        if (!closed.get() && !inbox.offer(message)) {
            close(FLOOD);
        }
    }

    /// The client closed.
    void gone() {
        closed.set(true);
        release();
    }

    /// Ends everything; the first reason counts.
    void close(CloseReason reason) {
        boolean first = closed.compareAndSet(false, true);
        release();
        if (!first || !session.isOpen()) {
            return;
        }
        session.close(reason);
        // A client that takes nothing does not take the close frame either.
        var unused =
                channel.eventLoop()
                        .schedule(() -> channel.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void release() {
        live.disconnect(stop);
        operations.values().forEach(Operation::cancel);
        operations.clear();
    }

    /// Runs in the name of the request that opened the connection: the access log tells its
    /// address.
    private void thread(Runnable work) {
        Thread.ofVirtual().name("graphql-ws").start(() -> ServerRequestContext.with(request, work));
    }

    private void read() {
        try {
            long initBy = System.nanoTime() + config.initWithin().toNanos();
            long pingAt = System.nanoTime() + config.ping().toNanos();
            while (!closed.get()) {
                String message = inbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                if (message != null) {
                    handle(message);
                }
                long now = System.nanoTime();
                if (credential == null && now > initBy) {
                    close(INIT_TIMEOUT);
                } else if (now - heardAt > SILENT_PINGS * config.ping().toNanos()) {
                    close(SILENT);
                } else if (!operations.isEmpty()) {
                    busyAt = now;
                } else if (now - busyAt > config.idle().toNanos()) {
                    close(IDLE);
                }
                if (credential != null && now > pingAt) {
                    pingAt = now + config.ping().toNanos();
                    send(Map.of("type", "ping"));
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a connection", e);
        } catch (RuntimeException e) {
            LOG.error("A GraphQL connection failed", e);
            close(FAILED);
        }
    }

    private void handle(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > config.maxMessageBytes()) {
            close(BAD_MESSAGE);
            return;
        }
        try {
            switch (SocketMessage.of(text)) {
                case SocketMessage.Init(String authorization) -> init(authorization);
                case SocketMessage.Ping() -> send(Map.of("type", "pong"));
                case SocketMessage.Pong() -> {}
                case SocketMessage.Subscribe(String id, GraphQlRequest asked) ->
                        subscribe(id, asked);
                case SocketMessage.Complete(String id) -> {
                    Operation operation = operations.remove(id);
                    if (operation != null) {
                        operation.cancel();
                    }
                }
            }
        } catch (GraphQlRequest.Malformed e) {
            close(new CloseReason(4400, e.reason()));
        }
    }

    /// The payload's credential if it names one, else that of the upgrade request.
    private void init(@Nullable String authorization) {
        if (credential != null) {
            close(INIT_TWICE);
            return;
        }
        Optional<Credential> given =
                authorization == null
                        ? identification.credential(request)
                        : identification.bearer(authorization);
        if (given.isEmpty() || identification.of(given.get()).isEmpty()) {
            close(FORBIDDEN);
            return;
        }
        credential = given.get();
        send(Map.of("type", "connection_ack"));
    }

    private void subscribe(String id, GraphQlRequest asked) {
        Credential known = credential;
        if (known == null) {
            close(UNAUTHORIZED);
        } else if (operations.containsKey(id)) {
            close(new CloseReason(4409, "There is already an operation with this id."));
        } else if (operations.size() >= config.perConnection()) {
            error(
                    id,
                    GraphQlEngine.Answer.failure(
                                    GraphQlEngine.Outcome.REFUSED,
                                    ErrorCode.LIMIT_EXCEEDED,
                                    "This connection has %d operations running: end one first."
                                            .formatted(operations.size()))
                            .body());
        } else {
            Operation operation = new Operation(id, asked, known);
            operations.put(id, operation);
            thread(operation);
        }
    }

    /// Waits until the client has taken the message; a client that does not is cut off.
    private void send(Map<String, ?> message) {
        if (closed.get() || !session.isOpen()) {
            return;
        }
        String text = new String(GraphQlJson.write(message), StandardCharsets.UTF_8);
        try {
            session.sendAsync(text).get(config.sendWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close(TOO_SLOW);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a connection", e);
        } catch (ExecutionException | RuntimeException e) {
            LOG.debug("A message did not reach its client: {}", e.getClass().getName());
            gone();
        }
    }

    private void next(String id, Map<String, Object> body) {
        send(message("next", id, body));
    }

    private void error(String id, Map<String, Object> body) {
        send(message("error", id, body.get("errors")));
    }

    private void complete(String id) {
        send(Map.of("type", "complete", "id", id));
    }

    private static Map<String, @Nullable Object> message(
            String type, String id, @Nullable Object payload) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("type", type);
        message.put("id", id);
        message.put("payload", payload);
        return message;
    }

    /// One operation of the client.
    private final class Operation implements Runnable {
        private final String id;
        private final GraphQlRequest asked;
        private final Credential credential;
        private volatile boolean cancelled;
        private volatile @Nullable LiveSubscription<?, ?> subscription;

        Operation(String id, GraphQlRequest asked, Credential credential) {
            this.id = id;
            this.asked = asked;
            this.credential = credential;
        }

        void cancel() {
            cancelled = true;
            LiveSubscription<?, ?> running = subscription;
            if (running != null) {
                running.close();
            }
        }

        @Override
        public void run() {
            try {
                Optional<LiveAccess> access =
                        LiveAccess.of(identification, credential, config.recheck());
                if (access.isEmpty()) {
                    close(CHANGED);
                } else if (engine.isSubscription(asked)) {
                    follow(access.get());
                } else {
                    answer(engine.execute(asked, access.get().viewer(), false));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts an operation", e);
            } catch (RuntimeException e) {
                fail(Failures.of(e, "an operation"));
            } finally {
                operations.remove(id, this);
                busyAt = System.nanoTime();
            }
        }

        private void answer(GraphQlEngine.Answer answer) {
            boolean ran = answer.outcome() == GraphQlEngine.Outcome.EXECUTED;
            end(
                    () -> {
                        if (ran) {
                            next(id, answer.body());
                            complete(id);
                        } else {
                            error(id, answer.body());
                        }
                    });
        }

        private void fail(Failures.Failure failure) {
            Map<String, Object> body = Map.of("errors", List.of(Failures.toSpecification(failure)));
            end(() -> error(id, body));
        }

        /// The last words: the id is free for the client as soon as it hears them.
        private void end(Runnable words) {
            if (!cancelled) {
                operations.remove(id, this);
                words.run();
            }
        }

        private void follow(LiveAccess access) throws InterruptedException {
            switch (engine.open(asked, access.viewer())) {
                case GraphQlEngine.NotOpened(GraphQlEngine.Answer answer) ->
                        end(() -> error(id, answer.body()));
                case GraphQlEngine.Opened(Live.Source<?, ?> source) -> {
                    try (LiveSubscription<?, ?> started = live.start(asked, access, source)) {
                        subscription = started;
                        tell(started);
                    }
                }
            }
        }

        private void tell(LiveSubscription<?, ?> started) throws InterruptedException {
            while (!cancelled && !closed.get()) {
                switch (started.next(config.ping())) {
                    case LiveSubscription.Answers(List<Map<String, Object>> bodies) -> {
                        for (Map<String, Object> body : bodies) {
                            if (cancelled) {
                                return;
                            }
                            next(id, body);
                        }
                    }
                    case LiveSubscription.Nothing() -> {}
                    case LiveSubscription.Ended(Failures.Failure failure) -> {
                        if (failure == null) {
                            end(() -> complete(id));
                        } else if (failure.code() == ErrorCode.UNAUTHENTICATED) {
                            close(CHANGED);
                        } else {
                            fail(failure);
                        }
                        return;
                    }
                }
            }
        }
    }
}
