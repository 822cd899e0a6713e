package org.agentaudit.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.agentaudit.event.RetentionTier;

/// What a run would remove at a moment, with what is stored now.
///
/// @param at          the moment, possibly in the future
/// @param traces      whole traces
/// @param quarantined quarantined items
/// @param rows        by month and tier; empty when nothing goes
/// @param heldBack    what would go without a hold, by hold; a trace under two holds is in both
public record RetentionForecast(
        Instant at, long traces, long quarantined, List<Row> rows, List<HeldBack> heldBack) {

    public RetentionForecast {
        rows = List.copyOf(rows);
        heldBack = List.copyOf(heldBack);
    }

    /// What goes of one tier and month.
    ///
    /// @param month    first day of the UTC month of `occurredAt`
    /// @param events   events that go, with their content if it is still there
    /// @param contents events that stay and lose their content
    /// @param bytes    stored size of all that, before compression by the file system
    public record Row(
            LocalDate month, RetentionTier tier, long events, long contents, long bytes) {}

    /// What one hold keeps.
    ///
    /// @param traces expired traces
    /// @param events events of these
    public record HeldBack(Hold hold, long traces, long events) {}

    public long events() {
        return rows.stream().mapToLong(Row::events).sum();
    }

    public long contents() {
        return rows.stream().mapToLong(Row::contents).sum();
    }

    public long bytes() {
        return rows.stream().mapToLong(Row::bytes).sum();
    }
}
