package org.agentaudit.query;

import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// What a usage report is made of, as of one moment: LLM_RESPONSE events (metrics "Usage").
///
/// @param successful outcome SUCCESS
/// @param failed     outcome FAILURE
/// @param other      any other outcome
/// @param latency    of all; null when none states a duration
/// @param byUser     users' ids in clear
/// @param errorTypes of the failed ones
public record UsageCounts(
        long successful,
        long failed,
        long other,
        TokenCounts tokens,
        @Nullable LatencyStats latency,
        @Nullable LatencyStats successLatency,
        @Nullable LatencyStats failureLatency,
        List<Tally> byUser,
        List<Tally> byModel,
        List<Tally> errorTypes) {

    public UsageCounts {
        byUser = List.copyOf(byUser);
        byModel = List.copyOf(byModel);
        errorTypes = List.copyOf(errorTypes);
    }
}
