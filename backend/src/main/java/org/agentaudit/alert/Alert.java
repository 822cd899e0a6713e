package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// A rule that fired for a key.
///
/// @param rule           null once it is deleted
/// @param firedAt        end of the window that fired
/// @param resolvedAt     null unless RESOLVED
/// @param acknowledgedBy username; null when nobody did
/// @param key            null for a rule without keys
/// @param value          first measure of the window that fired, else its number of events
/// @param description    one line from a template, without event content
/// @param evidenceIds    newest events of that window, at most 20; some may have expired
public record Alert(
        long id,
        @Nullable AlertRule rule,
        String ruleName,
        Severity severity,
        AlertState state,
        Instant firedAt,
        @Nullable Instant resolvedAt,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedAt,
        @Nullable String note,
        @Nullable String key,
        double value,
        String description,
        List<UUID> evidenceIds,
        List<AlertDelivery> deliveries) {

    public Alert {
        evidenceIds = List.copyOf(evidenceIds);
        deliveries = List.copyOf(deliveries);
    }

    Alert with(List<AlertDelivery> all) {
        return new Alert(
                id,
                rule,
                ruleName,
                severity,
                state,
                firedAt,
                resolvedAt,
                acknowledgedBy,
                acknowledgedAt,
                note,
                key,
                value,
                description,
                evidenceIds,
                all);
    }
}
