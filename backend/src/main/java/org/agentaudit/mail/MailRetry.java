package org.agentaudit.mail;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When a mail that was not taken is tried again: after 1, 5, 15 and 60 minutes, then more and more
/// rarely, for about a day in all.
public final class MailRetry {

    private static final List<Duration> WAITS =
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(60),
                    Duration.ofHours(2),
                    Duration.ofHours(4),
                    Duration.ofHours(8),
                    Duration.ofHours(8));

    private MailRetry() {}

    /// @param attempt the one that failed, from 1
    /// @return null when that was the last one
    public static @Nullable Duration after(int attempt) {
        return attempt > WAITS.size() ? null : WAITS.get(attempt - 1);
    }
}
