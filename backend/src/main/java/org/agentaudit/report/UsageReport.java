package org.agentaudit.report;

import java.util.List;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// Model responses of a period (checklist G1-G4): LLM_RESPONSE events.
///
/// @param successful  outcome SUCCESS
/// @param failed      outcome FAILURE
/// @param other       any other outcome; the three add up to `requests`
/// @param successRate successful ÷ (successful + failed); null when there is neither
/// @param latency     null when no response states a duration
/// @param byUser      by count, descending; keys masked for viewers who may not read content, each
///     row stays one user's
/// @param errorTypes  of the failed ones
public record UsageReport(
        Period period,
        Completeness completeness,
        long requests,
        long successful,
        long failed,
        long other,
        @Nullable Double successRate,
        TokenCounts tokens,
        @Nullable LatencyStats latency,
        @Nullable LatencyStats successLatency,
        @Nullable LatencyStats failureLatency,
        List<Tally> byUser,
        List<Tally> byModel,
        List<Tally> errorTypes) {

    public UsageReport {
        byUser = List.copyOf(byUser);
        byModel = List.copyOf(byModel);
        errorTypes = List.copyOf(errorTypes);
    }
}
