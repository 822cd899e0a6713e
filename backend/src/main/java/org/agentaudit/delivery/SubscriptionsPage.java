package org.agentaudit.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who gets which report by mail.
///
/// @param kind       shape of the sentence: `ok`, `warn` or `fail`
/// @param note       what was done just now; null: nothing
/// @param mayPreview whether the viewer may read reports
/// @param everybody  the viewer manages everybody's
public record SubscriptionsPage(
        String kind,
        String sentence,
        @Nullable String advice,
        @Nullable String note,
        boolean mayPreview,
        boolean everybody,
        List<Row> rows) {

    /// @param days   for instance `Mon – Fri`
    /// @param nextAt null: not by itself
    public record Row(
            ReportSubscription subscription, String title, String days, @Nullable Instant nextAt) {}
}
