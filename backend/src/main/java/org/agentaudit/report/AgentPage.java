package org.agentaudit.report;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.agentaudit.chart.Chart;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.query.Agent;
import org.agentaudit.query.PeriodChoice;
import org.jspecify.annotations.Nullable;

/// One agent over a period; model of `views/report/agent.html`.
///
/// @param sentence    what the agent did, in words
/// @param failureRate failed ÷ invocations; null without an invocation
/// @param activity    events per day
/// @param outcomes    how the invocations ended
/// @param costs       cost per day
/// @param findings    of the period, by kind and severity
/// @param over        whether the period has ended
public record AgentPage(
        Agent agent,
        PeriodChoice choice,
        AgentAudit audit,
        String sentence,
        @Nullable Double failureRate,
        Chart activity,
        Chart outcomes,
        Chart costs,
        List<FindingRow> findings,
        Evidence evidence,
        Files files,
        boolean over,
        Instant madeAt) {

    public AgentPage {
        findings = List.copyOf(findings);
    }

    /// Findings of one kind and severity.
    public record FindingRow(FindingKind kind, Severity severity, long count, String href) {}

    /// Where the agent's period is shown in other ways.
    ///
    /// @param handoffs those the agent made
    public record Evidence(
            String events,
            String errors,
            String invocations,
            String decisions,
            String handoffs,
            String interventions,
            String sessions,
            String findings,
            String compliance) {}

    /// Addresses of the report as files.
    public record Files(String pdf, String json, String csv, String link) {}
}
