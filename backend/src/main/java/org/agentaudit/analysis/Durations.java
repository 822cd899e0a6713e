package org.agentaudit.analysis;

import java.time.Duration;
import java.time.ZoneOffset;
import org.agentaudit.web.Format;

/// Lengths of time within a sentence: as pages write them, but with ordinary spaces, since
/// sentences also leave as JSON and are searched.
final class Durations {

    private static final Format FORMAT = new Format(ZoneOffset.UTC);

    private Durations() {}

    /// @param ms milliseconds, not negative
    static String text(double ms) {
        return FORMAT.duration(ms).replace('\u00A0', ' ');
    }

    static String text(Duration duration) {
        return text(duration.toNanos() / 1e6);
    }
}
