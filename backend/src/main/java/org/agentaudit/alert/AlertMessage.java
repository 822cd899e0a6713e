package org.agentaudit.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A row of the outbox of alerts, for those who look after the portal: nothing of what it says.
///
/// @param target        a mail address, or the scheme and host of a URL, whose path may be a secret
/// @param attempts      begun so far
/// @param nextAttemptAt while PENDING
/// @param messageId     null for webhooks, and before the first attempt
/// @param error         why the latest attempt failed, or why it waits; null when neither
public record AlertMessage(
        long id,
        long alertId,
        String ruleName,
        AlertDelivery.Transition transition,
        AlertDelivery.Channel channel,
        String target,
        AlertDelivery.State state,
        int attempts,
        Instant createdAt,
        Instant nextAttemptAt,
        @Nullable Instant sentAt,
        @Nullable String messageId,
        @Nullable String error) {}
