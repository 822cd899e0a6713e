package org.agentaudit.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.query.TraceLife;

/// How long events and their content live, floors applied (metrics "Tier").
///
/// @param debugDays      days of tier DEBUG
/// @param infoDays       days of tier INFO
/// @param complianceDays days of tier COMPLIANCE
/// @param criticalDays   days of tier CRITICAL
/// @param contentDays    days of the content of any event
public record RetentionPolicy(
        int debugDays, int infoDays, int complianceDays, int criticalDays, int contentDays) {

    /// The policy without settings.
    public static final RetentionPolicy DEFAULT =
            new RetentionPolicy(
                    RetentionTier.DEBUG.defaultDays(),
                    RetentionTier.INFO.defaultDays(),
                    RetentionTier.COMPLIANCE.defaultDays(),
                    RetentionTier.CRITICAL.defaultDays(),
                    30);

    /// Days an event of the tier lives.
    public int days(RetentionTier tier) {
        return switch (tier) {
            case DEBUG -> debugDays;
            case INFO -> infoDays;
            case COMPLIANCE -> complianceDays;
            case CRITICAL -> criticalDays;
        };
    }

    /// The UTC day the event's own tier lets it go: counted from the later of its two times, so
    /// that late arrival and imports of old logs never shorten a life. Its trace may keep it
    /// longer.
    public LocalDate expiresOn(Envelope event) {
        Instant basis =
                event.receivedAt().isAfter(event.occurredAt())
                        ? event.receivedAt()
                        : event.occurredAt();
        return LocalDate.ofInstant(basis, ZoneOffset.UTC).plusDays(days(event.tier()));
    }

    /// Events with a basis up to these moments have expired by `now`; days of 24 hours.
    public TraceLife.Cutoffs cutoffs(Instant now) {
        return new TraceLife.Cutoffs(
                now.minus(Duration.ofDays(debugDays)),
                now.minus(Duration.ofDays(infoDays)),
                now.minus(Duration.ofDays(complianceDays)),
                now.minus(Duration.ofDays(criticalDays)));
    }

    /// Content of events with a basis up to this moment has expired by `now`.
    Instant contentCutoff(Instant now) {
        return now.minus(Duration.ofDays(contentDays));
    }
}
