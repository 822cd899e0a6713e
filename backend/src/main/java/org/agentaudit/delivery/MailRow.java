package org.agentaudit.delivery;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A mail in the outbox, sent or not.
///
/// @param agentId       of an AGENT_AUDIT
/// @param forDate       last day that the report covers
/// @param attempts      begun so far
/// @param queuedBy      user name; null: the schedule
/// @param nextAttemptAt while PENDING
/// @param error         why the latest attempt failed, or why it waits; null when neither
/// @param retryable     FAILED, and its recipient still gets the subscription
public record MailRow(
        long id,
        long subscription,
        String owner,
        ReportKind kind,
        @Nullable String agentId,
        String recipient,
        LocalDate forDate,
        DeliveryStatus status,
        int attempts,
        Instant queuedAt,
        @Nullable String queuedBy,
        Instant nextAttemptAt,
        @Nullable Instant sentAt,
        String messageId,
        @Nullable String error,
        boolean late,
        boolean retryable) {}
