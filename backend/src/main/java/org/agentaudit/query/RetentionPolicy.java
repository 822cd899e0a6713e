package org.agentaudit.query;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Positive;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.RetentionTier;

/// How long events live (metrics "Tier"; settings `PORTAL_RETENTION_<TIER>_DAYS`).
///
/// @param debugDays      days of tier DEBUG
/// @param infoDays       days of tier INFO
/// @param complianceDays days of tier COMPLIANCE
/// @param criticalDays   days of tier CRITICAL
@ConfigurationProperties("portal.retention")
public record RetentionPolicy(
        @Bindable(defaultValue = "7") @Positive int debugDays,
        @Bindable(defaultValue = "30") @Positive int infoDays,
        @Bindable(defaultValue = "365") @Positive int complianceDays,
        @Bindable(defaultValue = "730") @Positive int criticalDays) {

    /// The policy without settings.
    public static final RetentionPolicy DEFAULT =
            new RetentionPolicy(
                    RetentionTier.DEBUG.defaultDays(),
                    RetentionTier.INFO.defaultDays(),
                    RetentionTier.COMPLIANCE.defaultDays(),
                    RetentionTier.CRITICAL.defaultDays());

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
        Instant start =
                event.receivedAt().isAfter(event.occurredAt())
                        ? event.receivedAt()
                        : event.occurredAt();
        return LocalDate.ofInstant(start, ZoneOffset.UTC).plusDays(days(event.tier()));
    }
}
