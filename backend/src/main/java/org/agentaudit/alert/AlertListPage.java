package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.agentaudit.chart.Chart;
import org.jspecify.annotations.Nullable;

/// Alerts; model of `views/alert/list.html`.
///
/// @param sentence  is anything firing, in words
/// @param state     `ok` or `fail`, or `pending` when all that fire are looked after
/// @param problem   why the filter cannot be used; null when it can
/// @param rows      FIRING first
/// @param days      alerts per day, the last thirty
public record AlertListPage(
        AlertQuery query,
        String sentence,
        String state,
        @Nullable String problem,
        List<StateChoice> states,
        List<Row> rows,
        Chart days,
        boolean mayWork,
        @Nullable String firstHref,
        @Nullable String nextHref,
        Instant madeAt) {

    public AlertListPage {
        states = List.copyOf(states);
        rows = List.copyOf(rows);
    }

    /// A state that can be chosen.
    public record StateChoice(String label, long count, String href, boolean current) {}

    /// @param lasted from firing to recovery, or until now, in words
    /// @param times  how often it fired in thirty days, this time included
    public record Row(Alert alert, String lasted, long times) {

        /// The description without the name and the group, which stand before it.
        public String says() {
            String key = alert.key();
            String before = alert.ruleName() + (key == null ? "" : " for " + key) + ": ";
            return alert.description().startsWith(before)
                    ? alert.description().substring(before.length())
                    : alert.description();
        }

        public boolean undelivered() {
            return alert.deliveries().stream()
                    .anyMatch(one -> one.state() == AlertDelivery.State.FAILED);
        }
    }

    public Severity[] severities() {
        return Severity.values();
    }
}
