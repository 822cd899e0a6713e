package org.agentaudit.report;

import java.time.Instant;
import java.time.LocalDate;
import org.agentaudit.chart.Chart;
import org.agentaudit.query.Agent;
import org.jspecify.annotations.Nullable;

/// One agent over a period; model of `views/report/agent.html`.
///
/// @param sentence what the agent did, in words
/// @param from     first day of the period
/// @param to       last day of the period
/// @param days     7 or 30 when the period is one of the named ones; null otherwise
/// @param failureRate failed ÷ invocations; null without an invocation
/// @param activity events per day
public record AgentPage(
        Agent agent,
        AgentAudit audit,
        String sentence,
        LocalDate from,
        LocalDate to,
        @Nullable Integer days,
        @Nullable Double failureRate,
        Chart activity,
        Instant madeAt) {}
