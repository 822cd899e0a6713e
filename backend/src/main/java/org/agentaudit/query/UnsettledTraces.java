package org.agentaudit.query;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agentaudit.database.DatabaseFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Traces that could not be settled, and when each is tried again: after a minute, then after twice
/// the last wait, at most a day. Kept in memory, so a restart tries all of them at once.
final class UnsettledTraces {

    private static final Logger LOG = LoggerFactory.getLogger(UnsettledTraces.class);
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);
    private static final int MAX_NAMED = 10;
    private static final int MAX_ID = 64;

    private record Retry(Instant at, Duration delay) {}

    private final Clock clock;
    private final Map<String, Retry> retries = new ConcurrentHashMap<>();

    UnsettledTraces(Clock clock) {
        this.clock = clock;
    }

    /// Whether a trace should be tried now: it never failed, or has waited long enough.
    boolean isDue(String traceId) {
        Retry retry = retries.get(traceId);
        return retry == null || !clock.instant().isBefore(retry.at);
    }

    void succeeded(String traceId) {
        retries.remove(traceId);
    }

    /// Takes note of traces that failed just now. Those that never failed before are logged, in one
    /// line; ids are the producer's text, so only their harmless characters are.
    void failed(Map<String, Exception> failures) {
        List<String> first = new ArrayList<>();
        failures.forEach(
                (traceId, failure) -> {
                    Retry last = retries.get(traceId);
                    Duration wait = last == null ? FIRST_WAIT : last.delay.multipliedBy(2);
                    wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
                    retries.put(traceId, new Retry(clock.instant().plus(wait), wait));
                    if (last == null) {
                        first.add(
                                harmless(traceId) + " (" + DatabaseFailures.kindOf(failure) + ")");
                    }
                });
        if (!first.isEmpty()) {
            LOG.error(
                    "{} traces cannot be settled, so reports lack their runs, calls and gaps; they will be tried again, the others go on: {}{}",
                    first.size(),
                    String.join(", ", first.subList(0, Math.min(first.size(), MAX_NAMED))),
                    first.size() > MAX_NAMED ? " …" : "");
        }
    }

    private static String harmless(String traceId) {
        String id = traceId.replaceAll("[^A-Za-z0-9._:/-]", "?");
        return id.length() <= MAX_ID ? id : id.substring(0, MAX_ID) + "…";
    }
}
