package org.agentaudit.query;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/// A zone's name as PostgreSQL reads it. Java's `+05:45` lies east of Greenwich, PostgreSQL's west
/// (POSIX).
final class TimeZoneName {
    private static final int SECONDS = 60;
    private static final int MINUTES = 60;

    private TimeZoneName() {}

    static String of(ZoneId zone) {
        if (!(zone.normalized() instanceof ZoneOffset offset)) {
            return zone.getId();
        }
        int minutes = offset.getTotalSeconds() / SECONDS;
        return String.format(
                Locale.ROOT,
                "UTC%s%02d:%02d",
                minutes > 0 ? "-" : "+",
                Math.abs(minutes) / MINUTES,
                Math.abs(minutes) % MINUTES);
    }
}
