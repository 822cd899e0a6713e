package org.agentaudit.delivery;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who gets which report by mail, and when.
///
/// @param owner        user name of who made it
/// @param sendAt       local time in `timeZone`, to the minute
/// @param timeZone     decides when to send, not what a day is
/// @param days         ISO weekdays, 1 to 7, ascending
/// @param agentId      of an AGENT_AUDIT; null for the other kinds
/// @param enabled      false: sent by hand only
/// @param lastDelivery the one decided on last; null when there was none
public record ReportSubscription(
        long id,
        String owner,
        ReportKind kind,
        List<String> recipients,
        LocalTime sendAt,
        ZoneId timeZone,
        List<Integer> days,
        @Nullable String agentId,
        boolean attachPdf,
        boolean enabled,
        @Nullable Delivery lastDelivery) {

    public ReportSubscription {
        recipients = List.copyOf(recipients);
        days = List.copyOf(days);
    }
}
