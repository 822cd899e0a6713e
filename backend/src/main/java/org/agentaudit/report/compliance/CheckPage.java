package org.agentaudit.report.compliance;

import java.time.Instant;
import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.ControlRef;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.PeriodChoice;
import org.jspecify.annotations.Nullable;

/// One check over a period with its evidence; model of `views/compliance/check.html`.
///
/// @param agent       as in [CompliancePage]
/// @param side        which values are the bad ones: `above` or `below` the limits
/// @param history     verdicts by day; null when the viewer may not see them
/// @param historyNote what to know about the history
/// @param groups      of agents with settings of their own; empty when all are treated alike
/// @param controls    controls that it speaks for, each with the address of its framework
/// @param evidence    events that the exceptions rest on, oldest first, one part of them
/// @param evidenceCount all of them
/// @param first       address of the first part; null on it
/// @param next        address of the next part; null on the last
/// @param back        address of the whole report
public record CheckPage(
        PeriodChoice choice,
        String agent,
        CompliancePage.CheckRow row,
        String side,
        String warnAt,
        String failAt,
        List<GroupRow> groups,
        List<ControlLink> controls,
        @Nullable Chart history,
        String historyNote,
        List<AuditEvent> evidence,
        long evidenceCount,
        @Nullable String first,
        @Nullable String next,
        String back,
        Completeness completeness,
        Instant madeAt) {

    public CheckPage {
        groups = List.copyOf(groups);
        controls = List.copyOf(controls);
        evidence = List.copyOf(evidence);
    }

    /// Agents with settings of their own.
    public record GroupRow(
            CheckResult.Group group, String name, String measured, String warnAt, String failAt) {}

    /// A control and where its framework is shown.
    public record ControlLink(ControlRef control, String href) {}
}
