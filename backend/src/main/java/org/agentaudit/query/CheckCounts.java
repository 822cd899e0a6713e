package org.agentaudit.query;

import java.util.List;
import java.util.Map;

/// What compliance checks over a period need beside its [PeriodCounts], by agent.
///
/// @param runs          by agent id
/// @param calls         calls that need approval
/// @param deep          handoffs with a depth above the one asked for
/// @param brokenParents events with a producer's trace id whose parent is missing, by agent id
public record CheckCounts(
        Map<String, Runs> runs,
        List<Calls> calls,
        List<Deep> deep,
        Map<String, Long> brokenParents) {

    public CheckCounts {
        runs = Map.copyOf(runs);
        calls = List.copyOf(calls);
        deep = List.copyOf(deep);
        brokenParents = Map.copyOf(brokenParents);
    }

    /// Runs of an agent.
    ///
    /// @param runs      with an event in the period
    /// @param overLimit of these, those that went over the iteration limit in the period
    /// @param failed    invoked in the period and holding an errored event of any time
    public record Runs(long runs, long overLimit, long failed) {}

    /// Calls of one action by an agent.
    ///
    /// @param admin    with permission level ADMIN
    /// @param able     calls in traces that can carry approvals
    /// @param approved of these, calls with an approval in their trace not later than the call
    public record Calls(
            String agentId, boolean admin, String action, long calls, long able, long approved) {}

    /// Handoffs of one depth by an agent.
    public record Deep(String agentId, int depth, long handoffs) {}
}
