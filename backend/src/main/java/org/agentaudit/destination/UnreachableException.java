package org.agentaudit.destination;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The destination cannot take events now.
final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final transient @Nullable Duration wait;

    /// @param reason for people; holds nothing of the events
    /// @param wait   how long the destination asks to be left alone; null when it did not say
    UnreachableException(String reason, @Nullable Duration wait) {
        super(reason);
        this.reason = reason;
        this.wait = wait;
    }

    String reason() {
        return reason;
    }

    @Nullable Duration waitAsked() {
        return wait;
    }
}
