package org.agentaudit.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agentaudit.event.Envelope;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Conditions in SQL against a plain evaluation in Java, for random events and conditions. Half of
/// the points lie exactly where an event enters or leaves the window.
class ConditionOracleIT {

    private static final Instant START = Instant.parse("2026-11-10T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(4);
    private static final int CONDITIONS = 150;

    @Test
    @SuppressWarnings("unchecked") // a bean of a generic type
    void sqlFindsWhatTheDefinitionsSay() throws Exception {
        long seed = Long.getLong("alert.seed", System.nanoTime());
        Random random = new Random(seed);
        List<NewEvent> stored = RandomEvents.make(random, 3_000, START, SPAN);
        List<Envelope> events = stored.stream().map(e -> e.event().envelope()).toList();
        int fired = 0;
        try (AlertFixture portal = new AlertFixture(Map.of())) {
            portal.bean(EventStore.class).append(stored, List.of()).join();
            TransactionOperations<Connection> transactions =
                    portal.bean(TransactionOperations.class);
            ConditionRepository repository = portal.bean(ConditionRepository.class);
            for (String text : new RandomConditions(random).list(CONDITIONS)) {
                Condition condition = ConditionParser.parse(text);
                Duration window =
                        List.of(Duration.ofMinutes(45), Duration.ofHours(1), Duration.ofMinutes(7))
                                .get(random.nextInt(3));
                ConditionSql sql = new ConditionSql(condition, window, null);
                List<Instant> points = points(random, events, window);
                List<Match> matches =
                        transactions.executeRead(
                                status ->
                                        repository.matches(
                                                status.getConnection(),
                                                condition,
                                                sql,
                                                points,
                                                100_000));
                ConditionOracle oracle = new ConditionOracle(condition, window, events);
                for (Instant point : points) {
                    Map<AlertKey, @Nullable Double> found = new HashMap<>();
                    matches.stream()
                            .filter(match -> match.at().equals(point))
                            .forEach(m -> found.put(m.key(), m.measures().getFirst()));
                    Map<AlertKey, @Nullable Double> expected = oracle.firing(point);
                    String where =
                            "seed %d, at %s, window %s:\n%s".formatted(seed, point, window, text);
                    assertThat(found.keySet()).as(where).isEqualTo(expected.keySet());
                    expected.forEach(
                            (key, value) -> {
                                Double measured = found.get(key);
                                if (value == null || measured == null) {
                                    assertThat(measured).as(where).isEqualTo(value);
                                } else {
                                    assertThat(measured)
                                            .as(where)
                                            .isCloseTo(value, within(Math.abs(value) * 1e-9));
                                }
                            });
                    fired += expected.size();
                }
            }
        }
        assertThat(fired).as("seed %d: something fires at all", seed).isGreaterThan(300);
    }

    private static List<Instant> points(Random random, List<Envelope> events, Duration window) {
        List<Instant> points = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Instant at = events.get(random.nextInt(events.size())).occurredAt();
            points.add(
                    switch (i % 4) {
                        case 0 -> at;
                        case 1 -> at.plus(window);
                        case 2 -> at.plus(window).minusNanos(1_000);
                        default ->
                                START.plusSeconds(
                                        random.nextLong(SPAN.toSeconds() + window.toSeconds()));
                    });
        }
        return points.stream().distinct().sorted().toList();
    }
}
