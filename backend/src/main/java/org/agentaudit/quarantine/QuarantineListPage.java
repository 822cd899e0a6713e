package org.agentaudit.quarantine;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Quarantine; model of `views/quarantine/items.html`.
///
/// @param reason    of the filter as asked for, empty when there is none
/// @param origin    of the filter, empty when there is none
/// @param day       of the filter; null when there is none
/// @param problem   why the filter cannot be used; null when it can
/// @param note      what an action just did; null when the page was opened otherwise
/// @param groups    most frequent reasons first
/// @param items     newest first
/// @param total     items that match
/// @param firstHref the first part of the list; null on the first part
/// @param olderHref null on the last part
/// @param run       the retry under way or the last one; null when there was none
/// @param zone      of the day in the filter
public record QuarantineListPage(
        String reason,
        String origin,
        @Nullable LocalDate day,
        @Nullable String problem,
        @Nullable String note,
        List<Group> groups,
        List<QuarantinedItem> items,
        long total,
        @Nullable String firstHref,
        @Nullable String olderHref,
        @Nullable RetryProgress run,
        String zone) {

    public QuarantineListPage {
        groups = List.copyOf(groups);
        items = List.copyOf(items);
    }

    /// A reason with the address of its items.
    public record Group(QuarantineGroup group, String href) {}

    public boolean filtered() {
        return !reason.isEmpty() || !origin.isEmpty() || day != null;
    }
}
