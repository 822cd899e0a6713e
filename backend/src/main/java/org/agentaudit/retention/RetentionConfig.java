package org.agentaudit.retention;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.convert.format.Format;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.agentaudit.event.RetentionTier;
import org.jspecify.annotations.Nullable;

/// Settings of retention (`PORTAL_RETENTION_…`).
///
/// @param debugDays      days of tier DEBUG before floors; so for the other tiers
/// @param contentDays    days that content lives
/// @param profile        names of profiles, separated by commas; see [RetentionProfile]
/// @param floorDays      fewest days of every tier
/// @param automatic      whether the portal removes what has expired by itself
/// @param at             time of day of the run, in the report time zone, `HH:mm`
/// @param stepEvents     events that one transaction removes at most, beyond a first trace
/// @param archive        whether events are written to a file before they go
/// @param archiveEvents  events that one transaction archives and removes at most, beyond a first
///                       trace; so the events of one file
/// @param pause          rest between two transactions
/// @param longestRun     after it a run ends; the next goes on
@ConfigurationProperties("portal.retention")
record RetentionConfig(
        @Bindable(defaultValue = "7") @Positive int debugDays,
        @Bindable(defaultValue = "30") @Positive int infoDays,
        @Bindable(defaultValue = "365") @Positive int complianceDays,
        @Bindable(defaultValue = "730") @Positive int criticalDays,
        @Bindable(defaultValue = "30") @Positive int contentDays,
        @Bindable(defaultValue = "none") @NotNull String profile,
        @Bindable(defaultValue = "0") @Min(0) int floorDays,
        @Bindable(defaultValue = "true") boolean automatic,
        @Bindable(defaultValue = "02:30") @NotNull @Format("HH:mm") LocalTime at,
        @Bindable(defaultValue = "2000") @Positive int stepEvents,
        @Bindable(defaultValue = "false") boolean archive,
        @Bindable(defaultValue = "20000") @Positive int archiveEvents,
        @Bindable(defaultValue = "20ms") @NotNull Duration pause,
        @Bindable(defaultValue = "1h") @NotNull Duration longestRun) {

    List<RetentionProfile> profiles() {
        return RetentionProfile.listed(profile);
    }

    /// Days of the tier before floors.
    int tierDays(RetentionTier tier) {
        return switch (tier) {
            case DEBUG -> debugDays;
            case INFO -> infoDays;
            case COMPLIANCE -> complianceDays;
            case CRITICAL -> criticalDays;
        };
    }

    /// Events that one transaction removes at most, beyond a first trace.
    int traceStepEvents() {
        return archive ? archiveEvents : stepEvents;
    }

    /// What is in force.
    RetentionPolicy policy() {
        return new RetentionPolicy(
                days(RetentionTier.DEBUG),
                days(RetentionTier.INFO),
                days(RetentionTier.COMPLIANCE),
                days(RetentionTier.CRITICAL),
                contentDays);
    }

    private int days(RetentionTier tier) {
        int days = Math.max(tierDays(tier), floorDays);
        for (RetentionProfile floor : profiles()) {
            days = Math.max(days, floor.floorDays(tier));
        }
        return days;
    }

    /// Why the days of the tier are what they are: the floor that raised them, or that it is the
    /// tier's own setting.
    String source(RetentionTier tier) {
        int days = days(tier);
        if (days == tierDays(tier)) {
            return days == tier.defaultDays() ? "default" : "setting";
        }
        RetentionProfile raisedBy = raisedBy(tier, days);
        return raisedBy == null ? "PORTAL_RETENTION_FLOOR_DAYS" : raisedBy.source();
    }

    private @Nullable RetentionProfile raisedBy(RetentionTier tier, int days) {
        return profiles().stream()
                .filter(profile -> profile.floorDays(tier) == days)
                .findFirst()
                .orElse(null);
    }

    /// Profiles and floor in words, for the record of policies.
    String sources() {
        List<String> names = profiles().stream().map(RetentionProfile::settingName).toList();
        return "profiles "
                + (names.isEmpty() ? "none" : String.join(", ", names))
                + "; floor "
                + floorDays
                + " days";
    }
}
