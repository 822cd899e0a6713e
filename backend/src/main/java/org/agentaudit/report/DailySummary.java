package org.agentaudit.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// What happened on one calendar day (checklist A8.2; metrics "Daily summary of day D").
///
/// @param successRate successful ÷ invocations, 0 to 1; null when there was no invocation
/// @param cost        US dollars; null when no event has one
/// @param topAgents   agents with an invocation on the day, by invocations, descending
/// @param errorTypes  errored events by type, descending
/// @param findings    by kind and severity
/// @param comparison change against the same weekday's mean over the four weeks before; null
///     without enough history
/// @param reviews     who confirmed having examined the day, newest first
public record DailySummary(
        LocalDate date,
        ZoneId timeZone,
        Instant from,
        Instant to,
        long invocations,
        long successful,
        long failed,
        @Nullable Double successRate,
        long handoffs,
        long humanEscalations,
        long events,
        long errors,
        TokenCounts tokens,
        @Nullable BigDecimal cost,
        List<AgentDay> topAgents,
        List<Tally> errorTypes,
        List<CheckResult> checks,
        List<FindingCount> findings,
        @Nullable DayComparison comparison,
        Completeness completeness,
        List<DayReview> reviews) {

    public DailySummary {
        topAgents = List.copyOf(topAgents);
        errorTypes = List.copyOf(errorTypes);
        checks = List.copyOf(checks);
        findings = List.copyOf(findings);
        reviews = List.copyOf(reviews);
    }

    /// One agent's day.
    ///
    /// @param meanDurationMs mean over its runs invoked that day; null when none has a duration
    public record AgentDay(
            String agentId,
            long invocations,
            long failedInvocations,
            long errors,
            @Nullable Double meanDurationMs) {}

    /// Signed relative changes: (today − mean) ÷ mean; each null when the mean is 0.
    public record DayComparison(
            @Nullable Double invocations,
            @Nullable Double errors,
            @Nullable Double tokens,
            @Nullable Double cost) {}

    /// A confirmation that someone examined the day.
    public record DayReview(Instant at, String by, @Nullable String comment) {}
}
