package org.agentaudit.report;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.agentaudit.query.Agent;
import org.jspecify.annotations.Nullable;

/// The agents that sent events; model of `views/report/agents.html`.
///
/// @param search   part of an id looked for; empty when all are listed
/// @param rows     in order of the agents' ids
/// @param nextHref null on the last part
/// @param first    whether the list starts with the first agent
public record AgentListPage(
        String search, List<Row> rows, @Nullable String nextHref, boolean first, Instant now) {

    public AgentListPage {
        rows = List.copyOf(rows);
    }

    /// One agent and its last seven days, today included.
    ///
    /// @param cost       US dollars; null when no event has one
    /// @param fresh      its first event lies in these days
    /// @param silent     it is usually active, but has sent nothing for a day
    /// @param eventsHref its events of these days; null without any
    /// @param errorsHref the errored ones; null without any
    public record Row(
            Agent agent,
            long events,
            long errors,
            @Nullable BigDecimal cost,
            boolean fresh,
            boolean silent,
            @Nullable String eventsHref,
            @Nullable String errorsHref) {}
}
