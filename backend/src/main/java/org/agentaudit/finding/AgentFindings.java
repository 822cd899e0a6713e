package org.agentaudit.finding;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agentaudit.analysis.Severity;

/// Findings that compare an agent with its own history.
@Singleton
class AgentFindings {
    private static final int LONGEST_NAME = 100;

    private final HistoryRepository history;
    private final FindingRepository findings;
    private final FindingWorkRepository work;
    private final FindingConfig config;
    private final RegressionFindings regressions;
    private final ZoneId zone;

    AgentFindings(
            HistoryRepository history,
            FindingRepository findings,
            FindingWorkRepository work,
            FindingConfig config,
            RegressionFindings regressions,
            @Value("${portal.time-zone:UTC}") String zone) {
        this.history = history;
        this.findings = findings;
        this.work = work;
        this.config = config;
        this.regressions = regressions;
        this.zone = ZoneId.of(zone);
    }

    /// Stores what is new of the agent and takes it off the work list, or leaves it there until the
    /// day is over.
    void detect(Connection connection, FindingWorkRepository.DueAgent agent, Instant now)
            throws SQLException {
        List<Detected> found = new ArrayList<>();
        found.addAll(durations(connection, agent));
        found.addAll(tools(connection, agent));
        found.addAll(regressions.detect(connection, agent, now));
        findings.add(connection, found, now);
        Instant today = start(day(now));
        Instant last =
                regressions.lastActivity(
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

    /// Names of tools are the producer's words, of any length.
    private static String brief(String name) {
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME)) + "…";
    }

    private LocalDate day(Instant at) {
        return at.atZone(zone).toLocalDate();
    }

    private Instant start(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}
