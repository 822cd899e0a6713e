package org.agentaudit.web;

import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.time.ZoneId;

/// The portal's own [Format], in the report time zone.
@Factory
class FormatFactory {

    /// @param timeZone setting PORTAL_TIME_ZONE
    @Singleton
    Format format(@Property(name = "portal.time-zone", defaultValue = "UTC") String timeZone) {
        return new Format(ZoneId.of(timeZone));
    }
}
