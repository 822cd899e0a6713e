package org.agentaudit.finding;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.UUID;
import org.agentaudit.analysis.Severity;

/// Findings that compare an agent with its own history.
@Singleton
class AgentFindings {
    private static final int LONGEST_NAME = 100;

    private final HistoryRepository history;
    private final FindingRepository findings;
    private final FindingWorkRepository work;
    private final FindingConfig config;
    private final RegressionDetector successes;
    private final ZoneId zone;

    AgentFindings(
            HistoryRepository history,
            FindingRepository findings,
            FindingWorkRepository work,
            FindingConfig config,
            @Value("${portal.time-zone:UTC}") String zone) {
        this.history = history;
        this.findings = findings;
        this.work = work;
        this.config = config;
        this.successes =
                new RegressionDetector(
                        RegressionDetector.Rule.RATE_BELOW, config.regressionMinimum());
        this.zone = ZoneId.of(zone);
    }

    /// Stores what is new of the agent and takes it off the work list, or leaves it there until the
    /// day is over.
    void detect(Connection connection, FindingWorkRepository.DueAgent agent, Instant now)
            throws SQLException {
        List<Detected> found = new ArrayList<>();
        found.addAll(durations(connection, agent));
        found.addAll(tools(connection, agent));
        found.addAll(successes(connection, agent, now));
        findings.add(connection, found, now);
        Instant today = start(day(now));
        Instant last =
                history.lastInvocation(
                        connection, agent.agentId(), today, today.plus(Duration.ofDays(3)));
        work.done(
                connection,
                agent,
                last == null ? null : today,
                last == null ? null : start(day(last).plusDays(1)));
    }

    private List<Detected> durations(Connection connection, FindingWorkRepository.DueAgent agent)
            throws SQLException {
        DurationOutlierDetector detector =
                new DurationOutlierDetector(config.durationRuns(), config.durationHistory());
        List<DurationOutlierDetector.Outlier> outliers = new ArrayList<>();
        history.runs(
                connection,
                agent.agentId(),
                agent.since(),
                config.durationHistory(),
                run ->
                        detector.next(run)
                                .filter(o -> !run.startedAt().isBefore(agent.since()))
                                .ifPresent(outliers::add));
        List<Detected> found = new ArrayList<>();
        for (DurationOutlierDetector.Outlier outlier : outliers) {
            RunPoint run = outlier.run();
            HistoryRepository.Crossing crossing =
                    history.crossing(connection, agent.agentId(), run, outlier.limitMs());
            found.add(
                    new Detected(
                            FindingKind.DURATION_OUTLIER,
                            Severity.WARNING,
                            TraceStory.runSubject(run.traceId(), agent.agentId(), run.invokedAt()),
                            agent.agentId(),
                            crossing == null ? null : crossing.sessionId(),
                            run.traceId(),
                            crossing == null ? run.lastAt() : crossing.occurredAt(),
                            outlier.durationMs(),
                            outlier.limitMs(),
                            String.format(
                                    Locale.ROOT,
                                    "A run took %.1f s; above %.1f s it stands out from the %d runs before it.",
                                    outlier.durationMs() / 1000,
                                    outlier.limitMs() / 1000,
                                    outlier.earlier()),
                            "Look in its timeline for waiting, retries and slow calls.",
                            crossing == null ? List.of() : List.of(crossing.eventId())));
        }
        return found;
    }

    private List<Detected> tools(Connection connection, FindingWorkRepository.DueAgent agent)
            throws SQLException {
        List<Detected> found = new ArrayList<>();
        for (HistoryRepository.Spell spell :
                history.spellsSince(connection, agent.agentId(), agent.since())) {
            long calls =
                    history.calls(
                            connection,
                            agent.agentId(),
                            spell.firstAt(),
                            Duration.ofDays(config.unusualToolDays()));
            if (calls >= config.unusualToolCalls()) {
                found.add(
                        new Detected(
                                FindingKind.UNUSUAL_TOOL,
                                Severity.INFO,
                                List.of(agent.agentId(), spell.tool()),
                                agent.agentId(),
                                null,
                                spell.firstTraceId(),
                                spell.firstAt(),
                                (double) calls,
                                (double) config.unusualToolCalls(),
                                "The tool %s was not among the %d calls of the %d days before."
                                        .formatted(
                                                brief(spell.tool()),
                                                calls,
                                                config.unusualToolDays()),
                                "Check that the agent is meant to use it.",
                                List.of(spell.firstEventId())));
            }
        }
        return found;
    }

    private List<Detected> successes(
            Connection connection, FindingWorkRepository.DueAgent agent, Instant now)
            throws SQLException {
        LocalDate from = day(agent.since());
        int window = RegressionDetector.CURRENT_DAYS + RegressionDetector.BASELINE_DAYS;
        NavigableMap<LocalDate, RegressionDetector.Sum> days =
                history.successes(connection, agent.agentId(), start(from.minusDays(window)), zone);
        List<Detected> found = new ArrayList<>();
        LocalDate today = day(now);
        if (!from.isBefore(today)) {
            return found;
        }
        for (RegressionDetector.Regression regression :
                successes.detect(
                        days.subMap(from, true, today, false).keySet(),
                        (first, last) ->
                                RegressionDetector.Sum.of(
                                        days.subMap(first, true, last, true).values()))) {
            LocalDate day = regression.day();
            Instant current = start(day.minusDays(RegressionDetector.CURRENT_DAYS - 1));
            Instant end = start(day.plusDays(1));
            Instant last = history.lastInvocation(connection, agent.agentId(), start(day), end);
            List<UUID> failed =
                    history.failedInvocations(
                            connection, agent.agentId(), current, end, Detected.MOST_EVIDENCE);
            found.add(regression(agent.agentId(), regression, last == null ? end : last, failed));
        }
        return found;
    }

    private static Detected regression(
            String agentId,
            RegressionDetector.Regression regression,
            Instant at,
            List<UUID> evidence) {
        return new Detected(
                FindingKind.SUCCESS_REGRESSION,
                Severity.CRITICAL,
                List.of(agentId, week(regression.day())),
                agentId,
                null,
                null,
                at,
                regression.current(),
                regression.limit(),
                String.format(
                        Locale.ROOT,
                        "%.1f %% of %d invocations in 7 days succeeded; in the 28 days before it was %.1f %% of %d (%+.1f percentage points).",
                        100 * regression.current(),
                        regression.currentN(),
                        100 * regression.baseline(),
                        regression.baselineN(),
                        100 * (regression.current() - regression.baseline())),
                "Compare the errors of these days with those before, and what was changed.",
                evidence);
    }

    /// Names of tools are the producer's words, of any length.
    private static String brief(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME)) + "…";
    }

    /// ISO week of a day: a regression that lasts is one finding a week.
    private static String week(LocalDate day) {
        return String.format(
                Locale.ROOT,
                "%d-W%02d",
                day.get(IsoFields.WEEK_BASED_YEAR),
                day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    }

    private LocalDate day(Instant at) {
        return at.atZone(zone).toLocalDate();
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
