package org.agentaudit.compliance;

import java.math.BigDecimal;
import java.util.function.Supplier;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.TraceLife;
import org.jspecify.annotations.Nullable;

/// One compliance check (metrics "Compliance checks").
///
/// @param id             fixed
/// @param title          for people
/// @param formula        what is measured, in words
/// @param unit           of the measured value and the limits
/// @param below          whether small values are the bad ones
/// @param warnAt         limit of WARN when nothing is set; null: none
/// @param failAt         limit of FAIL when nothing is set; null: none
/// @param recommendation what to do when it warns or fails
/// @param measure        measures it for a group of agents
/// @param evidence       events that its exceptions rest on
public record Check(
        String id,
        String title,
        String formula,
        String unit,
        boolean below,
        @Nullable BigDecimal warnAt,
        @Nullable BigDecimal failAt,
        String recommendation,
        Measure measure,
        EvidenceRule evidence) {

    /// Unit of a fraction from 0 to 1.
    static final String SHARE = "share";

    /// Measures a check.
    interface Measure {
        /// @param facts of the group's agents
        Measured of(CheckFacts facts, AgentGroup group);
    }

    /// Names the events that a check's exceptions rest on.
    interface EvidenceRule {
        Evidence of(Context context, AgentGroup group);
    }

    /// What evidence may depend on beside the settings.
    ///
    /// @param facts   of the group's agents; read when asked for
    /// @param overdue when expired events should have gone by
    record Context(Supplier<CheckFacts> facts, TraceLife.Cutoffs overdue) {}

    /// The verdict of the check on a measurement.
    Verdict verdict(Measured measured, AgentGroup group) {
        return Verdicts.of(measured, below, group.warnAt(), group.failAt());
    }
}
