package org.agentaudit.bench;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.graphql.InternalQueries;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.TraceSettler;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.jspecify.annotations.Nullable;

/// Measures how long reports take on stores of different sizes: what a report costs should follow
/// from what it shows, not from how many events it counts.
@Singleton
public final class ReportsBench {

    private static final Viewer READER =
            new Viewer("bench", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final int DAYS = 30;
    private static final int BATCH = 1_000;
    private static final int UNDER_WAY = 4;
    private static final int PAGE = 50;
    private static final int LAST_PAGE = 1_000;
    private static final int WARM_UPS = 2;
    private static final int NO_RULES_VERSION = 1;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double TELL_EVERY_SECONDS = 5;
    private static final double LONGEST_FIND_SECONDS = 1_800;

    private final EventStore store;
    private final TraceSettler settler;
    private final InternalQueries queries;
    private final MaintenanceRepository maintenance;
    private final Clock clock;

    ReportsBench(
            EventStore store,
            TraceSettler settler,
            InternalQueries queries,
            MaintenanceRepository maintenance,
            Clock clock) {
        this.store = store;
        this.settler = settler;
        this.queries = queries;
        this.maintenance = maintenance;
        this.clock = clock;
    }

    /// What one report took.
    ///
    /// @param millis median; null when it was not answered
    /// @param problem why it was not; null when it was
    public record Measured(@Nullable Double millis, @Nullable String problem) {}

    /// Measures of one size.
    ///
    /// @param storeSeconds  to store the events that came since the size before
    /// @param settleSeconds to settle them
    /// @param findSeconds   to look at them for findings
    /// @param reports       by name, in the order measured
    public record Size(
            long events,
            double storeSeconds,
            double settleSeconds,
            double findSeconds,
            Map<String, Measured> reports) {
        public Size {
            reports = new LinkedHashMap<>(reports);
        }
    }

    /// What the events are like.
    public String load() {
        return ReportEvents.DESCRIPTION + ", " + DAYS + " days";
    }

    /// Fills the store, which must be empty, up to each size and measures there.
    ///
    /// @param sizes    numbers of events, ascending
    /// @param rounds   how often each report is asked for after warming up
    /// @param progress told in a few words what is being done
    public List<Size> run(List<Long> sizes, int rounds, long seed, Consumer<String> progress)
            throws InterruptedException {
        Instant to = clock.instant().truncatedTo(ChronoUnit.DAYS);
        Instant from = to.minus(Duration.ofDays(DAYS));
        ReportEvents generator = new ReportEvents(seed, from, to);
        List<Size> measured = new ArrayList<>();
        long stored = 0;
        for (long size : sizes) {
            long start = System.nanoTime();
            stored = fill(generator, stored, size, progress);
            double storeSeconds = seconds(start);
            start = System.nanoTime();
            settle(from, progress);
            double settleSeconds = seconds(start);
            double findSeconds = find(progress);
            progress.accept("Tidying the tables");
            maintenance.vacuum();
            measured.add(
                    new Size(
                            stored,
                            storeSeconds,
                            settleSeconds,
                            findSeconds,
                            reports(from, to, stored, rounds, progress)));
        }
        return measured;
    }

    /// Measures the store as it is, over the 30 days that end with its last event.
    ///
    /// @param rounds   how often each report is asked for after warming up
    /// @param progress told in a few words what is being done
    /// @throws IllegalStateException when the store has no events
    public Size measure(int rounds, Consumer<String> progress) throws InterruptedException {
        long start = System.nanoTime();
        settler.settle(null, null);
        double settleSeconds = seconds(start);
        double findSeconds = find(progress);
        Map<?, ?> events = data("{ events(first: 1) { totalCount nodes { occurredAt } } }");
        if (!(events.get("totalCount") instanceof Number count)
                || !(events.get("nodes") instanceof List<?> nodes)
                || nodes.isEmpty()
                || !(nodes.getFirst() instanceof Map<?, ?> last)) {
            throw new IllegalStateException("the store has no events to measure with");
        }
        Instant to =
                OffsetDateTime.parse(String.valueOf(last.get("occurredAt")))
                        .toInstant()
                        .truncatedTo(ChronoUnit.DAYS)
                        .plus(Duration.ofDays(1));
        return new Size(
                count.longValue(),
                0,
                settleSeconds,
                findSeconds,
                reports(to.minus(Duration.ofDays(DAYS)), to, count.longValue(), rounds, progress));
    }

    private Map<String, Measured> reports(
            Instant from, Instant to, long stored, int rounds, Consumer<String> progress) {
        Map<String, Measured> reports = new LinkedHashMap<>();
        ReportQueries.documents(from, to)
                .forEach(
                        (name, document) ->
                                reports.put(name, measure(name, document, rounds, progress)));
        int page = (int) Math.min(LAST_PAGE, stored / PAGE);
        reports.put(
                "events, page " + page,
                measure("events, page " + page, pageAfter(page), rounds, progress));
        return reports;
    }

    /// Waits until everything stored was looked at for findings.
    ///
    /// @return seconds
    private double find(Consumer<String> progress) throws InterruptedException {
        long start = System.nanoTime();
        progress.accept("Looking for findings");
        while (problem(queries.read(READER, "{ findings(first: 1) { nodes { kind } } }")) != null) {
            if (seconds(start) > LONGEST_FIND_SECONDS) {
                throw new IllegalStateException("findings were not answered in half an hour");
            }
            Thread.sleep(1_000);
        }
        return seconds(start);
    }

    /// What the one root field of a document answers; empty without an answer.
    private Map<?, ?> data(String document) {
        return queries.read(READER, document).get("data") instanceof Map<?, ?> data
                        && data.values().iterator().next() instanceof Map<?, ?> value
                ? value
                : Map.of();
    }

    private long fill(ReportEvents generator, long stored, long size, Consumer<String> progress)
            throws InterruptedException {
        Prover prover = new Prover();
        Deque<CompletableFuture<List<AppendResult>>> underWay = new ArrayDeque<>();
        long made = stored;
        long told = System.nanoTime();
        while (made < size) {
            List<NewEvent> batch = new ArrayList<>(BATCH);
            while (batch.size() < BATCH && made + batch.size() < size) {
                for (AuditEvent event : generator.trace()) {
                    batch.add(new NewEvent(event, new byte[32], NO_RULES_VERSION, prover));
                }
            }
            made += batch.size();
            underWay.add(store.append(batch, List.of()));
            while (underWay.size() > UNDER_WAY || made >= size && !underWay.isEmpty()) {
                await(underWay.remove());
            }
            if (seconds(told) > TELL_EVERY_SECONDS) {
                progress.accept("Stored %,d of %,d events".formatted(made, size));
                told = System.nanoTime();
            }
        }
        return made;
    }

    private void settle(Instant from, Consumer<String> progress) {
        long told = System.nanoTime();
        for (int day = 1; day <= DAYS; day++) {
            Instant end = from.plus(Duration.ofDays(day));
            settler.settle(end.minus(Duration.ofDays(1)), end);
            if (seconds(told) > TELL_EVERY_SECONDS) {
                progress.accept("Settled %d of %d days".formatted(day, DAYS));
                told = System.nanoTime();
            }
        }
        settler.settle(null, null);
    }

    private static void await(CompletableFuture<List<AppendResult>> batch)
            throws InterruptedException {
        try {
            if (batch.get().stream().anyMatch(result -> result != AppendResult.STORED)) {
                throw new IllegalStateException("a generated event was not stored");
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("storing generated events failed", e);
        }
    }

    private Measured measure(String name, String document, int rounds, Consumer<String> progress) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < WARM_UPS + rounds; i++) {
            long start = System.nanoTime();
            String problem = problem(queries.read(READER, document));
            if (problem != null) {
                progress.accept(name + ": " + problem);
                return new Measured(null, problem);
            }
            if (i >= WARM_UPS) {
                millis.add((System.nanoTime() - start) / NANOS_PER_MILLI);
            }
        }
        millis.sort(null);
        double median = (millis.get((rounds - 1) / 2) + millis.get(rounds / 2)) / 2;
        progress.accept("%s: %.1f ms".formatted(name, median));
        return new Measured(median, null);
    }

    /// The code of the first error; null without errors.
    private static @Nullable String problem(Map<String, Object> answer) {
        if (answer.get("errors") instanceof List<?> errors && !errors.isEmpty()) {
            return errors.getFirst() instanceof Map<?, ?> error
                            && error.get("extensions") instanceof Map<?, ?> extensions
                            && extensions.get("code") != null
                    ? String.valueOf(extensions.get("code"))
                    : "failed";
        }
        return null;
    }

    /// The document that asks for one page far down, found by walking there.
    private String pageAfter(int page) {
        String after = "";
        int left = (page - 1) * PAGE;
        while (left > 0) {
            int step = Math.min(left, 1_000);
            after = ", after: \"" + endCursor(step, after) + "\"";
            left -= step;
        }
        return "{ events(first: %d%s) { nodes { id summary } } }".formatted(PAGE, after);
    }

    private String endCursor(int first, String after) {
        Map<String, Object> answer =
                queries.read(
                        READER,
                        "{ events(first: %d%s) { pageInfo { endCursor } } }"
                                .formatted(first, after));
        if (answer.get("data") instanceof Map<?, ?> data
                && data.get("events") instanceof Map<?, ?> events
                && events.get("pageInfo") instanceof Map<?, ?> info
                && info.get("endCursor") instanceof String cursor) {
            return cursor;
        }
        throw new IllegalStateException("a page of events was not answered");
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
