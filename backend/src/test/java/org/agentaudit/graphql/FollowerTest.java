package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.agentaudit.query.ChangeFeed;
import org.junit.jupiter.api.Test;

class FollowerTest {
    private static final LiveConfig CONFIG =
            new LiveConfig(
                    10,
                    10,
                    10,
                    5,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(10),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    1_000);

    private final Numbers feed = new Numbers();
    private final Follower<String, Long> follower = new Follower<>(feed, CONFIG);
    private final AtomicInteger closed = new AtomicInteger();

    /// The numbers from 1 on.
    private static final class Numbers implements ChangeFeed<String, Long> {
        final List<String> asked = new CopyOnWriteArrayList<>();
        volatile long end;
        volatile int failures;

        @Override
        public long position() {
            if (failures > 0) {
                failures--;
                throw new IllegalStateException("the database is away");
            }
            return end;
        }

        @Override
        public Start start() {
            return new Start(end, Set.of(end + 2));
        }

        @Override
        public Part<Long> changes(String question, long after, long upTo, int limit) {
            asked.add(question + " " + after);
            long last = Math.min(upTo, after + limit);
            return new Part<>(
                    LongStream.rangeClosed(after + 1, last)
                            .mapToObj(n -> new Change<>(n, n, n))
                            .toList(),
                    last);
        }
    }

    private LiveSubscription<String, Long> listen(String question) {
        LiveSubscription<String, Long> listener =
                new LiveSubscription<>(
                        null,
                        null,
                        null,
                        CONFIG,
                        new Live.Source<>(feed, question),
                        follower,
                        closed::incrementAndGet);
        follower.add(listener);
        return listener;
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void equalQuestions_areReadOnce_andOnlyForWhoTookWhatTheyGot() throws Exception {
        LiveSubscription<String, Long> a = listen("x");
        LiveSubscription<String, Long> b = listen("x");
        LiveSubscription<String, Long> c = listen("y");
        feed.failures = 2;
        feed.end = 12;
        eventually(() -> a.position() == 5 && b.position() == 5 && c.position() == 5);
        Thread.sleep(100);
        assertThat(feed.asked).containsExactlyInAnyOrder("x 0", "y 0");
        assertThat(List.of(a.ready(), b.ready(), c.ready())).containsOnly(false);

        // nobody takes anything
        Thread.sleep(CONFIG.longestBehind().plusMillis(300));
        assertThat(a.next(Duration.ZERO))
                .isInstanceOfSatisfying(
                        LiveSubscription.Ended.class,
                        ended ->
                                assertThat(ended.failure().code())
                                        .isEqualTo(ErrorCode.LIMIT_EXCEEDED));
        assertThat(feed.asked).hasSize(2);

        assertThat(follower.running()).isTrue();
        List.of(a, b, c).forEach(LiveSubscription::close);
        a.close();
        assertThat(closed).hasValue(3);
        eventually(() -> !follower.running());
        // and begins anew with the next listener
        try (LiveSubscription<String, Long> again = listen("z")) {
            feed.end = 13;
            eventually(() -> again.position() == 13);
        }
    }
}
