package org.agentaudit.graphql;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.context.ServerRequestContext;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.agentaudit.access.Identification;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Answers as server-sent events, one connection for each operation ("distinct connections" of
/// graphql-sse): `next` for each answer, `complete` at the end. A part is made when the client has
/// taken the one before.
@Singleton
final class EventStreams {
    static final String CONTENT_TYPE = "text/event-stream";

    private static final byte[] COMPLETE = bytes("event: complete\ndata:\n\n");

    /// A comment, which clients skip: shows that both ends are still there.
    private static final byte[] SIGN_OF_LIFE = bytes(":\n\n");

    private final GraphQlEngine engine;
    private final LiveSubscriptions live;
    private final Identification identification;
    private final LiveConfig config;
    private final Scheduler blocking;

    EventStreams(
            GraphQlEngine engine,
            LiveSubscriptions live,
            Identification identification,
            LiveConfig config,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.engine = engine;
        this.live = live;
        this.identification = identification;
        this.config = config;
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    /// Whether an event stream is asked for by name.
    ///
    /// @param accept values of the Accept header
    static boolean accepted(List<String> accept) {
        for (String range : String.join(",", accept).split(",")) {
            String[] parts = range.split(";");
            if (parts[0].strip().toLowerCase(Locale.ROOT).equals(CONTENT_TYPE)) {
                return true;
            }
        }
        return false;
    }

    /// An answer that is there already.
    static Flux<byte[]> of(Map<String, Object> body) {
        return Flux.just(next(body), COMPLETE);
    }

    /// A subscription for as long as the client stays.
    ///
    /// @throws GraphQlException when there are too many
    Flux<byte[]> follow(HttpRequest<?> http, GraphQlRequest request) {
        LiveAccess access =
                identification
                        .credential(http)
                        .flatMap(found -> LiveAccess.of(identification, found, config.recheck()))
                        .orElseThrow(
                                () ->
                                        new GraphQlException(
                                                ErrorCode.UNAUTHENTICATED,
                                                "Your sign-in is over: sign in again."));
        return switch (engine.open(request, access.viewer())) {
            case GraphQlEngine.NotOpened(GraphQlEngine.Answer answer) -> of(answer.body());
            case GraphQlEngine.Opened(Live.Source<?, ?> source) ->
                    stream(http, live.start(request, access, source));
        };
    }

    private Flux<byte[]> stream(HttpRequest<?> http, LiveSubscription<?, ?> subscription) {
        Runnable stop = () -> subscription.end(null);
        if (!live.connect(stop)) {
            subscription.close();
            throw new GraphQlException(
                    ErrorCode.LIMIT_EXCEEDED, "There are too many connections: try again later.");
        }
        Parts parts = new Parts(subscription);
        Supplier<byte @Nullable []> part = parts::next;
        return Flux.<byte[]>generate(
                        sink -> {
                            byte[] next = ServerRequestContext.with(http, part);
                            if (next == null) {
                                sink.complete();
                            } else {
                                sink.next(next);
                            }
                        })
                .subscribeOn(blocking)
                .doFinally(
                        _ -> {
                            live.disconnect(stop);
                            subscription.close();
                        });
    }

    /// What is sent, one part after the other; used by one thread at a time.
    private final class Parts {
        private final LiveSubscription<?, ?> subscription;
        private final Deque<byte[]> ready = new ArrayDeque<>(List.of(SIGN_OF_LIFE));
        private boolean over;

        Parts(LiveSubscription<?, ?> subscription) {
            this.subscription = subscription;
        }

        /// Null at the end.
        byte @Nullable [] next() {
            if (ready.isEmpty() && !over) {
                fill();
            }
            return ready.poll();
        }

        private void fill() {
            try {
                switch (subscription.next(config.ping())) {
                    case LiveSubscription.Answers(List<Map<String, Object>> bodies) ->
                            bodies.forEach(body -> ready.add(EventStreams.next(body)));
                    case LiveSubscription.Nothing() -> ready.add(SIGN_OF_LIFE);
                    case LiveSubscription.Ended(Failures.Failure failure) -> {
                        over = true;
                        if (failure != null) {
                            ready.add(
                                    EventStreams.next(
                                            Map.of(
                                                    "errors",
                                                    List.of(Failures.toSpecification(failure)))));
                        }
                        ready.add(COMPLETE);
                    }
                }
            } catch (InterruptedException e) {
                // the client has gone
                Thread.currentThread().interrupt();
                over = true;
            }
        }
    }

    /// JSON has no line breaks of its own, so one `data` line holds it.
    private static byte[] next(Map<String, Object> body) {
        return bytes(
                "event: next\ndata: "
                        + new String(GraphQlJson.write(body), StandardCharsets.UTF_8)
                        + "\n\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
