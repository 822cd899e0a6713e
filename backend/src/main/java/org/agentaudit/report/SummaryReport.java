package org.agentaudit.report;

import java.util.List;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// High-level activity of a period (checklist R1).
///
/// @param errorRate    errored events ÷ events, 0 to 1; null when there was no event
/// @param agentsActive agents with an event in the period
/// @param topAgents    five agents by events, descending
public record SummaryReport(
        Period period,
        long events,
        long errors,
        @Nullable Double errorRate,
        long handoffs,
        long agentsActive,
        List<Tally> topAgents,
        Completeness completeness) {

    public SummaryReport {
        topAgents = List.copyOf(topAgents);
    }
}
