package org.agentaudit.query;

import java.time.Instant;
import java.util.List;

/// Conditions over `trace t` that decide whether a trace may go, and over `quarantine q`; constant
/// text with bound values.
public final class TraceLife {

    /// Whether every event of the trace has expired. Binds four cutoffs: the latest basis with
    /// which an event of tier DEBUG, INFO, COMPLIANCE, CRITICAL has expired.
    public static final String EXPIRED =
            """
            (coalesce(t.latest_debug <= CAST(? AS timestamptz), true)
             AND coalesce(t.latest_info <= CAST(? AS timestamptz), true)
             AND coalesce(t.latest_compliance <= CAST(? AS timestamptz), true)
             AND coalesce(t.latest_critical <= CAST(? AS timestamptz), true))
            """;

    /// Necessary for [#EXPIRED], and found by the index `trace_expiry`. Binds the same four.
    public static final String TOP_EXPIRED =
            """
            (t.top_tier = 0 AND t.top_at <= CAST(? AS timestamptz)
             OR t.top_tier = 1 AND t.top_at <= CAST(? AS timestamptz)
             OR t.top_tier = 2 AND t.top_at <= CAST(? AS timestamptz)
             OR t.top_tier = 3 AND t.top_at <= CAST(? AS timestamptz))
            """;

    /// Whether the active hold `h` keeps the trace.
    public static final String HELD_BY_H =
            """
            (h.kind = 'TRACE' AND h.target = t.trace_id
             OR h.kind = 'PERIOD' AND h.period_from <= t.last_at AND h.period_to > t.first_at
             OR h.kind = 'AGENT' AND EXISTS (SELECT 1 FROM audit_event p
                                              WHERE p.trace_id = t.trace_id AND p.agent_id = h.target
                                                AND p.occurred_at >= t.first_at AND p.occurred_at <= t.last_at))
            """;

    /// Whether a hold keeps the trace.
    public static final String HELD =
            "EXISTS (SELECT 1 FROM retention_hold h WHERE h.released_at IS NULL AND "
                    + HELD_BY_H
                    + ")";

    /// Whether a hold keeps the quarantined item `q`: one on a trace or an agent keeps the items
    /// that mention its id.
    public static final String QUARANTINE_HELD =
            """
            EXISTS (SELECT 1 FROM retention_hold h
                     WHERE h.released_at IS NULL
                       AND (h.kind = 'PERIOD' AND q.received_at >= h.period_from AND q.received_at < h.period_to
                            OR h.kind <> 'PERIOD' AND strpos(q.body, h.target) > 0))
            """;

    private TraceLife() {}

    /// Latest basis with which an event of each tier has expired.
    public record Cutoffs(Instant debug, Instant info, Instant compliance, Instant critical) {

        /// In the order in which the conditions bind them.
        public List<Instant> values() {
            return List.of(debug, info, compliance, critical);
        }
    }
}
