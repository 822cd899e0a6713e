package org.agentaudit.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What became of the last message of a rule to one target.
///
/// @param target        mail address, or scheme and host of a webhook
/// @param attempts      begun so far
/// @param sentAt        null unless it was sent
/// @param nextAttemptAt while PENDING
/// @param error         why the latest attempt failed; null when none did
public record TargetState(
        long ruleId,
        long alertId,
        AlertDelivery.Channel channel,
        String target,
        AlertDelivery.State state,
        int attempts,
        @Nullable Instant sentAt,
        Instant nextAttemptAt,
        @Nullable String error) {}
