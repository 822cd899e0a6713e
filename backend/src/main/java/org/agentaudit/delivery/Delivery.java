package org.agentaudit.delivery;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// One sending of a report to its recipients.
///
/// @param forDate  last day that the report covers
/// @param sentAt   when the last recipient's mail was taken; null until every one was
/// @param status   PENDING while a mail waits, else FAILED when one could not be delivered
/// @param attempts most attempts that one recipient needed so far
/// @param error    why a mail was not delivered; null when nothing went wrong
public record Delivery(
        LocalDate forDate,
        @Nullable Instant sentAt,
        DeliveryStatus status,
        int attempts,
        @Nullable String error) {}
