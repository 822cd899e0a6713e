package org.agentaudit.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The form of one subscription, new or there already.
///
/// @param id       null: a new one
/// @param problem  why what was posted cannot be; null: nothing
/// @param zones    ids to choose from
/// @param weekdays in order, with those chosen
public record SubscriptionPage(
        @Nullable Long id,
        String title,
        String action,
        @Nullable String problem,
        ReportKind kind,
        String agentId,
        String recipients,
        String sendAt,
        String timeZone,
        List<String> zones,
        List<Weekday> weekdays,
        boolean attachPdf,
        boolean enabled,
        @Nullable String owner) {

    /// @param number ISO, 1 is Monday
    public record Weekday(int number, String label, boolean chosen) {}

    public List<ReportKind> kinds() {
        return List.of(ReportKind.values());
    }
}
