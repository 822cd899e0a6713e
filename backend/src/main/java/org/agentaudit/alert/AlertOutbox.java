package org.agentaudit.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Writes what is to be sent about an alert, in the transaction of the change it tells of. Sent at
/// least once; one row per alert, change and target.
@Singleton
class AlertOutbox {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AlertDeliveryRepository repository;
    private final AlertTargets targets;

    AlertOutbox(AlertDeliveryRepository repository, AlertTargets targets) {
        this.repository = repository;
        this.targets = targets;
    }

    /// @return what is wrong with the rule's action, which settings may have made impossible since;
    ///     null when nothing is
    @Nullable String add(
            Connection connection,
            AlertRule rule,
            long alertId,
            AlertDelivery.Transition transition,
            Instant now)
            throws SQLException {
        List<AlertTargets.Target> told;
        try {
            told = targets.of(rule.action());
        } catch (BadInputException e) {
            return e.getMessage();
        }
        if (!told.isEmpty()) {
            AlertDeliveryRepository.Told alert = repository.told(connection, alertId);
            String body = body(alert, alertId, transition);
            for (AlertTargets.Target target : told) {
                repository.insert(connection, alertId, transition, target, body, now);
            }
        }
        return null;
    }

    /// The form that Standard Webhooks recommends: type, timestamp, data.
    private static String body(
            AlertDeliveryRepository.Told alert, long alertId, AlertDelivery.Transition transition) {
        Instant resolvedAt = alert.resolvedAt();
        boolean fired = transition == AlertDelivery.Transition.FIRED;
        Instant at = fired || resolvedAt == null ? alert.firedAt() : resolvedAt;
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", Long.toString(alertId));
        data.put("rule", alert.ruleName());
        data.put("severity", alert.severity());
        data.put("state", alert.state());
        data.put("key", alert.key());
        data.put("value", alert.value());
        data.put("description", alert.description());
        data.put("firedAt", alert.firedAt().toString());
        data.put("resolvedAt", resolvedAt == null ? null : resolvedAt.toString());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "alert." + transition.name().toLowerCase(Locale.ROOT));
        body.put("timestamp", at.toString());
        body.put("data", data);
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers cannot be written", e);
        }
    }
}
