package org.agentaudit.finding;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// An agent's last 7 days against the 28 before, as of the end of each day on which it was invoked
/// or used tokens.
@Singleton
class RegressionFindings {

    private final HistoryRepository history;
    private final TokenHistoryRepository tokens;
    private final RegressionDetector successDetector;
    private final RegressionDetector tokenDetector;
    private final ZoneId zone;

    RegressionFindings(
            HistoryRepository history,
            TokenHistoryRepository tokens,
            FindingConfig config,
            @Value("${portal.time-zone:UTC}") String zone) {
        this.history = history;
        this.tokens = tokens;
        this.successDetector =
                new RegressionDetector(
                        RegressionDetector.Rule.RATE_BELOW, config.regressionMinimum());
        this.tokenDetector =
                new RegressionDetector(
                        RegressionDetector.Rule.MEAN_ABOVE, config.regressionMinimum());
        this.zone = ZoneId.of(zone);
    }

    /// Of the days that have ended.
    List<Detected> detect(Connection connection, FindingWorkRepository.DueAgent agent, Instant now)
            throws SQLException {
        LocalDate from = day(agent.since());
        LocalDate today = day(now);
        List<Detected> found = new ArrayList<>();
        if (from.isBefore(today)) {
            found.addAll(successes(connection, agent.agentId(), from, today));
            found.addAll(tokens(connection, agent.agentId(), from, today));
        }
        return found;
    }

    /// When the agent was last invoked or used tokens in [from, to); null when it did neither.
    @Nullable Instant lastActivity(Connection connection, String agentId, Instant from, Instant to)
            throws SQLException {
        Instant last = history.lastInvocation(connection, agentId, from, to);
        for (Instant used : tokens.days(connection, agentId, from, to, zone).values()) {
            if (last == null || used.isAfter(last)) {
                last = used;
            }
        }
        return last;
    }

    private List<Detected> successes(
            Connection connection, String agentId, LocalDate from, LocalDate today)
            throws SQLException {
        int window = RegressionDetector.CURRENT_DAYS + RegressionDetector.BASELINE_DAYS;
        NavigableMap<LocalDate, RegressionDetector.Sum> days =
                history.successes(connection, agentId, start(from.minusDays(window)), zone);
        List<Detected> found = new ArrayList<>();
        for (RegressionDetector.Regression regression :
                successDetector.detect(
                        days.subMap(from, true, today, false).keySet(),
                        (first, last) ->
                                RegressionDetector.Sum.of(
                                        days.subMap(first, true, last, true).values()))) {
            Instant end = end(regression);
            Instant last =
                    history.lastInvocation(connection, agentId, start(regression.day()), end);
            found.add(
                    regression(
                            FindingKind.SUCCESS_REGRESSION,
                            Severity.CRITICAL,
                            agentId,
                            regression,
                            last == null ? end : last,
                            String.format(
                                    Locale.ROOT,
                                    "%.1f %% of %d invocations in 7 days succeeded; in the 28 days before it was %.1f %% of %d (%+.1f percentage points).",
                                    100 * regression.current(),
                                    regression.currentN(),
                                    100 * regression.baseline(),
                                    regression.baselineN(),
                                    100 * (regression.current() - regression.baseline())),
                            "Compare the errors of these days with those before, and what was changed.",
                            history.failedInvocations(
                                    connection,
                                    agentId,
                                    begin(regression),
                                    end,
                                    Detected.MOST_EVIDENCE)));
        }
        return found;
    }

    private List<Detected> tokens(
            Connection connection, String agentId, LocalDate from, LocalDate today)
            throws SQLException {
        NavigableMap<LocalDate, Instant> days =
                tokens.days(connection, agentId, start(from), start(today), zone);
        List<Detected> found = new ArrayList<>();
        for (RegressionDetector.Regression regression :
                tokenDetector.detect(
                        days.keySet(),
                        (first, last) ->
                                tokens.use(
                                        connection,
                                        agentId,
                                        start(first),
                                        start(last.plusDays(1))))) {
            found.add(
                    regression(
                            FindingKind.TOKEN_REGRESSION,
                            Severity.WARNING,
                            agentId,
                            regression,
                            Objects.requireNonNull(days.get(regression.day())),
                            String.format(
                                    Locale.ROOT,
                                    "%.0f tokens a session in %d sessions in 7 days; in the 28 days before it was %.0f in %d (%+.1f %%).",
                                    regression.current(),
                                    regression.currentN(),
                                    regression.baseline(),
                                    regression.baselineN(),
                                    100 * (regression.current() / regression.baseline() - 1)),
                            "Look for longer prompts, repeated context and more steps per session since then.",
                            tokens.greatest(
                                    connection,
                                    agentId,
                                    begin(regression),
                                    end(regression),
                                    Detected.MOST_EVIDENCE)));
        }
        return found;
    }

    private static Detected regression(
            FindingKind kind,
            Severity severity,
            String agentId,
            RegressionDetector.Regression regression,
            Instant at,
            String description,
            String suggestion,
            List<UUID> evidence) {
        return new Detected(
                kind,
                severity,
                List.of(agentId, week(regression.day())),
                agentId,
                null,
                null,
                at,
                regression.current(),
                regression.limit(),
                description,
                suggestion,
                evidence);
    }

    /// ISO week of a day: a regression that lasts is one finding a week.
    private static String week(LocalDate day) {
        return String.format(
                Locale.ROOT,
                "%d-W%02d",
                day.get(IsoFields.WEEK_BASED_YEAR),
                day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    private Instant begin(RegressionDetector.Regression regression) {
        return start(regression.day().minusDays(RegressionDetector.CURRENT_DAYS - 1));
    }

    private Instant end(RegressionDetector.Regression regression) {
        return start(regression.day().plusDays(1));
    }

    private LocalDate day(Instant at) {
        return at.atZone(zone).toLocalDate();
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
