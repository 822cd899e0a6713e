package org.agentaudit.finding;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.finding.HistoryRepository.Spell;
import org.junit.jupiter.api.Test;

/// Detectors that compare an agent with its history, at their limits (A10 K7-K10; A18 B-000-10,
/// -12, -13).
class HistoryDetectorsTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-11-20");

    private static boolean isOutlier(double[] earlier, double duration) {
        DurationOutlierDetector detector = new DurationOutlierDetector(20, 10_000);
        for (int i = 0; i < earlier.length; i++) {
            detector.next(run(i, earlier[i]));
        }
        return detector.next(run(earlier.length, duration)).isPresent();
    }

    private static RunPoint run(int second, Double durationMs) {
        Instant at = START.plusSeconds(second);
        return new RunPoint("t" + second, at, at, at, durationMs);
    }

    @Test
    void duration_fewerThanTwentyEarlierRuns_isNeverAnOutlier() {
        double[] same = DoubleStream.generate(() -> 100).limit(20).toArray();
        assertThat(isOutlier(Arrays.copyOf(same, 19), 1e9)).isFalse();
        assertThat(isOutlier(same, 1e9)).isTrue();
    }

    @Test
    void duration_allEarlierRunsEqual_twiceTheMedianDecides() {
        double[] same = DoubleStream.generate(() -> 100).limit(20).toArray();
        assertThat(isOutlier(same, 200)).isFalse();
        assertThat(isOutlier(same, 200.1)).isTrue();
    }

    @Test
    void duration_wideSpread_needsFiveDeviations() {
        Random random = new Random(7);
        double[] logs = random.doubles(200, 0, 2).toArray();
        double median = median(logs);
        double mad = median(DoubleStream.of(logs).map(x -> Math.abs(x - median)).toArray());
        double limit = Math.exp(median + 5 * 1.4826 * mad);
        double[] durations = DoubleStream.of(logs).map(Math::exp).toArray();
        assertThat(isOutlier(durations, limit * 0.999)).isFalse();
        assertThat(isOutlier(durations, limit * 1.001)).isTrue();
    }

    @Test
    void duration_windowSlides_onlyTheLatestRunsCount() {
        DurationOutlierDetector detector = new DurationOutlierDetector(20, 30);
        for (int i = 0; i < 100; i++) {
            detector.next(run(i, i < 60 ? 10.0 : 1_000.0));
        }
        assertThat(detector.next(run(100, 1_500.0))).isEmpty();
        assertThat(detector.next(run(101, 2_100.0))).isPresent();
    }

    @Test
    void duration_runsThatStartTogether_areNoHistoryOfEachOther() {
        DurationOutlierDetector detector = new DurationOutlierDetector(20, 30);
        for (int i = 0; i < 30; i++) {
            assertThat(detector.next(run(0, i < 29 ? 10.0 : 1_000.0))).isEmpty();
        }
        assertThat(detector.next(run(1, null))).isEmpty();
        assertThat(detector.next(run(2, 1_000.0))).isPresent();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    // ------------------------------------------------------------ regressions

    private static NavigableMap<LocalDate, RegressionDetector.Sum> days(
            RegressionDetector.Sum current, RegressionDetector.Sum baseline) {
        NavigableMap<LocalDate, RegressionDetector.Sum> days = new TreeMap<>();
        days.put(DAY, current);
        days.put(DAY.minusDays(7), baseline);
        // outside of both sides
        days.put(DAY.minusDays(35), new RegressionDetector.Sum(1_000, 0));
        return days;
    }

    private static List<RegressionDetector.Regression> regressions(
            RegressionDetector.Rule rule,
            RegressionDetector.Sum current,
            RegressionDetector.Sum baseline)
            throws SQLException {
        NavigableMap<LocalDate, RegressionDetector.Sum> days = days(current, baseline);
        return new RegressionDetector(rule, 20)
                .detect(
                        List.of(DAY),
                        (first, last) ->
                                RegressionDetector.Sum.of(
                                        days.subMap(first, true, last, true).values()));
    }

    private static List<RegressionDetector.Regression> rates(long good, long n, long before)
            throws SQLException {
        return regressions(
                RegressionDetector.Rule.RATE_BELOW,
                new RegressionDetector.Sum(n, good),
                new RegressionDetector.Sum(100, before));
    }

    @Test
    void success_fivePointsBelow_isNone_moreIsFound() throws Exception {
        assertThat(rates(85, 100, 90)).isEmpty();
        assertThat(rates(84, 100, 90)).hasSize(1);
        RegressionDetector.Regression found = rates(84, 100, 90).getFirst();
        assertThat(found.baseline()).isEqualTo(0.9);
        assertThat(found.current()).isEqualTo(0.84);
        assertThat(found.currentN()).isEqualTo(100);
    }

    @Test
    void success_fewerThanTwentyOnASide_isNone() throws Exception {
        assertThat(rates(0, 19, 100)).isEmpty();
        assertThat(rates(0, 20, 100)).hasSize(1);
    }

    @Test
    void tokens_oneFifthMore_isNone_moreIsFound() throws Exception {
        RegressionDetector.Rule rule = RegressionDetector.Rule.MEAN_ABOVE;
        RegressionDetector.Sum before = new RegressionDetector.Sum(20, 20 * 1_000);
        assertThat(regressions(rule, new RegressionDetector.Sum(20, 20 * 1_200), before)).isEmpty();
        assertThat(regressions(rule, new RegressionDetector.Sum(20, 20 * 1_201), before))
                .hasSize(1);
        // 1.2 × 3 is less than 3.6 in binary
        RegressionDetector.Sum few = new RegressionDetector.Sum(20, 60);
        assertThat(regressions(rule, new RegressionDetector.Sum(20, 72), few)).isEmpty();
        assertThat(regressions(rule, new RegressionDetector.Sum(20, 73), few)).hasSize(1);
    }

    @Test
    void tokens_fewerThanTwentyOnASideOrNoneBefore_isNone() throws Exception {
        RegressionDetector.Rule rule = RegressionDetector.Rule.MEAN_ABOVE;
        RegressionDetector.Sum now = new RegressionDetector.Sum(20, 40_000);
        assertThat(regressions(rule, now, new RegressionDetector.Sum(19, 19_000))).isEmpty();
        assertThat(regressions(rule, now, new RegressionDetector.Sum(20, 20_000))).hasSize(1);
        assertThat(
                        regressions(
                                rule,
                                new RegressionDetector.Sum(19, 40_000),
                                new RegressionDetector.Sum(20, 20_000)))
                .isEmpty();
        assertThat(regressions(rule, now, new RegressionDetector.Sum(20, 0))).isEmpty();
    }

    // ------------------------------------------------------------ spells of tools

    @Test
    void spells_restBetweenCalls_decidesWhetherOneBegins() {
        Duration rest = Duration.ofDays(30);
        Spells first = Spells.join(List.of(), List.of(call(0), call(30), call(61)), rest);
        assertThat(first.gone()).isEmpty();
        assertThat(first.added()).extracting(Spell::firstAt).containsExactly(at(0), at(61));
        Spells late = Spells.join(first.added(), List.of(call(50)), rest);
        assertThat(late.gone()).hasSize(2);
        assertThat(late.added()).hasSize(1);
        assertThat(late.added().getFirst().firstAt()).isEqualTo(at(0));
        assertThat(late.added().getFirst().lastAt()).isEqualTo(at(61));
        Spells known = Spells.join(late.added(), List.of(call(30)), rest);
        assertThat(known.gone()).isEmpty();
        assertThat(known.added()).isEmpty();
    }

    @Test
    void spells_anyOrderOfArrival_areTheSame() {
        long seed = new Random().nextLong();
        System.out.println("seed of the spells: " + seed);
        Random random = new Random(seed);
        List<Envelope> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            calls.add(call(random.nextInt(900)));
        }
        Duration rest = Duration.ofDays(10);
        List<Spell> together = Spells.join(List.of(), calls, rest).added();
        List<Spell> stored = new ArrayList<>();
        for (Envelope call : calls) {
            Spells next = Spells.join(stored, List.of(call), rest);
            stored.removeAll(next.gone());
            stored.addAll(next.added());
        }
        assertThat(stored).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(together);
    }

    private static Instant at(int day) {
        return START.plus(Duration.ofDays(day));
    }

    private static Envelope call(int day) {
        return event("c" + day, at(day), EventType.TOOL_CALL, "a", "tool").envelope();
    }
}
