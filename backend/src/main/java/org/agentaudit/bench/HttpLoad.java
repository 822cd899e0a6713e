package org.agentaudit.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sends prepared bodies from a number of connections and counts what comes back.
final class HttpLoad {
    private static final Pattern ANSWER =
            Pattern.compile("\\{\"accepted\":(\\d+),\"duplicates\":(\\d+),\"rejected\":\\[\\]\\}");
    private static final int OK = 200;
    private static final int BUSY = 429;
    private static final int KEPT_ERRORS = 5;

    private final URI portal;
    private final String key;

    HttpLoad(URI portal, String key) {
        this.portal = portal;
        this.key = key;
    }

    /// What came of a load.
    ///
    /// @param accepted  events the portal said it stored
    /// @param refused   answers 429, each sent again after its Retry-After
    /// @param errors    requests that failed otherwise; not sent again
    /// @param failures  reasons of the first of them
    /// @param latencies nanoseconds of each answered request, ascending
    /// @param clientCpu nanoseconds of processor time that sending took
    @SuppressWarnings("ArrayRecordComponent") // made once, never compared
    record Result(
            long accepted,
            long nanos,
            int refused,
            int errors,
            List<String> failures,
            long[] latencies,
            long clientCpu) {

        double perSecond() {
            return accepted * 1e9 / nanos;
        }

        /// Milliseconds within which this share of the requests was answered; 0 without any.
        double millis(double share) {
            return latencies.length == 0
                    ? 0
                    : latencies[(int) Math.ceil(share * latencies.length) - 1] / 1e6;
        }
    }

    /// @param perSecond 0: each connection sends as soon as it has its answer; else requests are
    ///     due at even distances, and the latency counts from when a request was due
    Result send(PieceFile bodies, int connections, double perSecond) throws InterruptedException {
        Run run = new Run(bodies, perSecond);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofPlatform().name("bench-client-" + i).start(run::client));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return run.result();
    }

    private final class Run {
        private final PieceFile bodies;
        private final double perSecond;
        private final long start = System.nanoTime();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicLong accepted = new AtomicLong();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger errors = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final AtomicLong cpu = new AtomicLong();
        private final ConcurrentHashMap<String, Integer> failures = new ConcurrentHashMap<>();
        private final long[] latencies;

        Run(PieceFile bodies, double perSecond) {
            this.bodies = bodies;
            this.perSecond = perSecond;
            this.latencies = new long[bodies.pieces()];
        }

        void client() {
            try (HttpConnection connection = new HttpConnection(portal, key)) {
                for (int i = next.getAndIncrement();
                        i < bodies.pieces();
                        i = next.getAndIncrement()) {
                    long due =
                            perSecond == 0
                                    ? System.nanoTime()
                                    : start + (long) (i * 1e9 / perSecond);
                    sleepUntil(due);
                    try {
                        one(connection, bodies.read(i));
                        latencies[answered.getAndIncrement()] = System.nanoTime() - due;
                    } catch (IOException e) {
                        failed(e.toString());
                    }
                }
            } catch (IOException e) {
                failed(e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                cpu.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
            }
        }

        private void one(HttpConnection connection, byte[] body)
                throws IOException, InterruptedException {
            HttpConnection.Answer answer = connection.post(body);
            while (answer.status() == BUSY) {
                refused.incrementAndGet();
                TimeUnit.SECONDS.sleep(Math.max(1, answer.retryAfter()));
                answer = connection.post(body);
            }
            Matcher counts = ANSWER.matcher(answer.body());
            if (answer.status() == OK && counts.matches()) {
                accepted.addAndGet(Long.parseLong(counts.group(1)));
            } else {
                failed(answer.status() + " " + answer.body());
            }
        }

        private static void sleepUntil(long nanoTime) throws InterruptedException {
            long left = nanoTime - System.nanoTime();
            if (left > 0) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }

        private void failed(String reason) {
            errors.incrementAndGet();
            if (failures.size() < KEPT_ERRORS) {
                failures.merge(reason, 1, Integer::sum);
            }
        }

        Result result() {
            long[] sorted = Arrays.copyOf(latencies, answered.get());
            Arrays.sort(sorted);
            return new Result(
                    accepted.get(),
                    System.nanoTime() - start,
                    refused.get(),
                    errors.get(),
                    List.copyOf(failures.keySet()),
                    sorted,
                    cpu.get());
        }
    }
}
