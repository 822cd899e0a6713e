package org.agentaudit.alert;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something to be sent about an alert.
///
/// @param target   a mail address, or the scheme and host of a URL, whose path may be a secret
/// @param attempts begun so far
/// @param sentAt   null unless it was sent
/// @param error    why the latest attempt failed; null when none did
public record AlertDelivery(
        Transition transition,
        Channel channel,
        String target,
        State state,
        int attempts,
        @Nullable Instant sentAt,
        @Nullable String error) {

    /// What it tells of.
    public enum Transition {
        FIRED,
        RESOLVED
    }

    /// How it goes out.
    public enum Channel {
        MAIL,
        WEBHOOK
    }

    /// What became of it. FAILED is final.
    public enum State {
        PENDING,
        SENT,
        FAILED
    }
}
