package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Calls and decisions of a period for a viewer, exact to the microsecond, with what became of them
/// in their whole trace: the period never cuts a pair. Settles what is open in the period first.
@Singleton
public class CallQuery {

    /// Stands for everything that did not fit a list.
    private static final String OTHER = "(other)";

    private static final int MAXIMUM_KEYS = 1000;
    private static final List<String> WITH_OUTCOME =
            List.of("TOOL_CALL", "SKILL_CALL", "EXTERNAL_CALL", "DECISION");

    /// One tool as it was used.
    ///
    /// @param tool     `(other)` for all beyond the 1000 most used
    /// @param errors   calls whose own or paired outcome is FAILURE
    /// @param unpaired calls without result and own outcome where results are recorded
    /// @param latency  null when no call has a duration
    public record Tool(
            String tool, long calls, long errors, long unpaired, @Nullable LatencyStats latency) {}

    /// Outcomes of an action of an agent; both `(other)` for all beyond 1000 groups.
    public record Outcomes(
            String agentId, String action, long successes, long failures, long partials) {}

    private final CallReadRepository repository;
    private final TraceSettler settler;

    CallQuery(CallReadRepository repository, TraceSettler settler) {
        this.repository = repository;
        this.settler = settler;
    }

    /// Tools called in the period, by calls, descending (metrics "Tool usage").
    ///
    /// @param agentId null: of all agents in scope
    public List<Tool> tools(Viewer viewer, Period period, @Nullable String agentId) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        return repository.tools(viewer, PeriodParts.of(period), agentId, MAXIMUM_KEYS).stream()
                .map(
                        tool ->
                                new Tool(
                                        Objects.requireNonNullElse(tool.tool(), OTHER),
                                        tool.calls(),
                                        tool.errors(),
                                        tool.unpaired(),
                                        tool.latencies().stats()))
                .toList();
    }

    /// Groups of agent and action with more than `minimum` calls and decisions that succeeded,
    /// failed or did in part, lowest success rate first (metrics "Action outcomes").
    public List<Outcomes> outcomes(Viewer viewer, Period period, long minimum) {
        viewer.requireReader();
        settler.settle(period.from(), period.to());
        return repository
                .outcomes(viewer, PeriodParts.of(period), WITH_OUTCOME, minimum, MAXIMUM_KEYS)
                .stream()
                .map(
                        sums ->
                                new Outcomes(
                                        Objects.requireNonNullElse(sums.agentId(), OTHER),
                                        Objects.requireNonNullElse(sums.action(), OTHER),
                                        sums.successes(),
                                        sums.failures(),
                                        sums.partials()))
                .toList();
    }
}
