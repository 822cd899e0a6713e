package org.agentaudit.report;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import org.agentaudit.query.BadInputException;

/// Settings of reports.
@Singleton
public class ReportConfig {

    private static final int QUARTER_SECONDS = 15 * 60;

    private final ZoneId timeZone;

    /// @param timeZone zone id of the calendar days in reports (`PORTAL_TIME_ZONE`), UTC when not
    ///     set
    public ReportConfig(@Value("${portal.time-zone:UTC}") String timeZone) {
        this.timeZone = zone(timeZone);
    }

    public ZoneId timeZone() {
        return timeZone;
    }

    /// A zone by its id.
    ///
    /// @throws BadInputException when there is no such zone or its offsets are no whole quarter
    ///     hours
    public static ZoneId zone(String id) {
        ZoneId zone;
        try {
            zone = ZoneId.of(id);
        } catch (DateTimeException e) {
            throw new BadInputException(
                    "'" + id + "' is no time zone: use an id such as Europe/Berlin or UTC.");
        }
        boolean quarters =
                quarterHours(zone.getRules().getOffset(Instant.EPOCH.plusSeconds(946_684_800)))
                        && zone.getRules().getTransitions().stream()
                                .filter(t -> t.getInstant().getEpochSecond() > 946_684_800)
                                .map(ZoneOffsetTransition::getOffsetAfter)
                                .allMatch(ReportConfig::quarterHours);
        if (!quarters) {
            throw new BadInputException(
                    "Time zone '" + id + "' has offsets that are no whole quarter hours.");
        }
        return zone;
    }

    private static boolean quarterHours(ZoneOffset offset) {
        return offset.getTotalSeconds() % QUARTER_SECONDS == 0;
    }
}
