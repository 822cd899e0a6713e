package org.agentaudit.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// Events that speak against a compliance check (metrics "Compliance checks"): a constant condition
/// over `audit_event e` and `event_content c` with its bound values. A check's exceptions and its
/// evidence follow the same rule; where an exception is no event (a run, an agent, tokens), the
/// evidence is the events that make it one.
public final class Evidence {
    private static final String CALL =
            "e.event_type IN ('TOOL_CALL', 'SKILL_CALL', 'EXTERNAL_CALL')";
    private static final String IN_RUN =
            "EXISTS (SELECT 1 FROM agent_run r WHERE r.trace_id = e.trace_id AND r.agent_id = e.agent_id AND ";

    private final String condition;
    private final List<Object> values;

    private Evidence(String condition, Object... values) {
        this.condition = condition;
        this.values = List.of(values);
    }

    /// No event.
    public static Evidence none() {
        return new Evidence("false");
    }

    /// The same of some agents only.
    ///
    /// @param pattern as in [Viewer#agentScope]; null: all agents
    /// @param without patterns of agents that are left out
    public Evidence of(@Nullable String pattern, List<String> without) {
        if (pattern == null && without.isEmpty()) {
            return this;
        }
        List<Object> bound = new ArrayList<>(values);
        bound.add(likePatterns(pattern == null ? List.of("*") : List.of(pattern)));
        bound.add(likePatterns(without));
        return new Evidence(
                "(" + condition + ") AND e.agent_id LIKE ANY (?) AND NOT e.agent_id LIKE ANY (?)",
                bound.toArray());
    }

    private static String[] likePatterns(List<String> patterns) {
        return patterns.isEmpty()
                ? new String[0]
                : new Viewer("", Set.of(), patterns).scopeLikePatterns();
    }

    String condition() {
        return condition;
    }

    List<Object> values() {
        return values;
    }

    /// Stored events of traces whose every event has expired and that no hold keeps.
    ///
    /// @param cutoffs when they should have gone by
    public static Evidence pastRetention(TraceLife.Cutoffs cutoffs) {
        return new Evidence(
                "e.trace_id = ANY (ARRAY (SELECT t.trace_id FROM trace t WHERE "
                        + TraceLife.TOP_EXPIRED
                        + " AND "
                        + TraceLife.EXPIRED
                        + " AND NOT "
                        + TraceLife.HELD
                        + "))",
                Stream.concat(cutoffs.values().stream(), cutoffs.values().stream()).toArray());
    }

    /// Human escalations.
    public static Evidence escalations() {
        return new Evidence("e.intervention = 'ESCALATION'");
    }

    /// Calls that need approval, could have one in their trace, and have none not later than the
    /// call.
    ///
    /// @param approvalTools actions that need approval whatever the permission level
    public static Evidence unapprovedCalls(List<String> approvalTools) {
        return new Evidence(
                CALL
                        + """
                         AND (e.permission_level = 'ADMIN' OR e.action = ANY (?))
                         AND EXISTS (SELECT 1 FROM audit_event x
                                      WHERE x.trace_id = e.trace_id
                                        AND x.source_format NOT IN ('LOG_ENTRY', 'REQUEST_LOG'))
                         AND NOT EXISTS (SELECT 1 FROM audit_event a
                                          WHERE a.trace_id = e.trace_id
                                            AND a.occurred_at <= e.occurred_at
                                            AND a.intervention = 'APPROVAL')
                        """,
                (Object) approvalTools.toArray(String[]::new));
    }

    /// Sensitive accesses that name no resource or no permission level.
    public static Evidence unauditedAccesses() {
        return new Evidence("e.sensitive AND (e.resources IS NULL OR e.permission_level IS NULL)");
    }

    /// Events that used tokens.
    public static Evidence tokenUse() {
        return new Evidence("e.input_tokens + e.output_tokens > 0");
    }

    /// The model responses with which runs went over the iteration limit.
    public static Evidence iterationsOverLimit() {
        return new Evidence(
                "e.event_type = 'LLM_RESPONSE' AND " + IN_RUN + "r.over_limit_at = e.occurred_at)");
    }

    /// Handoffs with a stated depth above `depth`.
    public static Evidence deeperHandoffs(double depth) {
        return new Evidence("e.event_type = 'HANDOFF' AND e.handoff_depth > ?", depth);
    }

    /// Events without a producer's trace id whose format can carry one, and events whose parent is
    /// missing in their trace.
    public static Evidence brokenTraces() {
        return new Evidence(
                """
                ((e.trace_derived AND e.source_format NOT IN ('LOG_ENTRY', 'SESSION_EVENT', 'REQUEST_LOG'))
                 OR (NOT e.trace_derived AND e.parent_event_id IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM event_key p
                                      WHERE p.event_id = e.parent_event_id AND p.trace_id = e.trace_id)))
                """);
    }

    /// Decisions that say nowhere why, of those whose content is there to see.
    public static Evidence unreasonedDecisions() {
        return new Evidence(
                """
                e.event_type = 'DECISION' AND c.event_id IS NOT NULL AND c.reasoning IS NULL
                AND NOT EXISTS (SELECT 1
                                  FROM json_array_elements(CAST(c.decision AS json) -> 'options') o
                                 WHERE o.value ->> 'option' = CAST(c.decision AS json) ->> 'chosen'
                                   AND o.value ->> 'reasoning' IS NOT NULL)
                """);
    }

    /// Events in which a secret was found when their trace was last searched and whose text is
    /// still stored.
    public static Evidence exposedSecrets() {
        return new Evidence(
                """
                EXISTS (SELECT 1 FROM secret_scan_hit h
                         WHERE h.trace_id = e.trace_id AND h.event_id = e.event_id
                           AND (h.in_envelope OR c.event_id IS NOT NULL))
                """);
    }

    /// Invocations of the agents.
    public static Evidence invocationsOf(List<String> agentIds) {
        return new Evidence(
                "e.event_type = 'INVOCATION' AND e.agent_id = ANY (?)",
                (Object) agentIds.toArray(String[]::new));
    }

    /// Invocations whose run holds an errored event.
    public static Evidence failedInvocations() {
        return new Evidence(
                "e.event_type = 'INVOCATION' AND "
                        + IN_RUN
                        + "r.invoked_at = e.occurred_at AND r.errors > 0)");
    }
}
