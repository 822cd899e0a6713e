package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes that an alert fired or recovered, with all that goes with it: evidence, the change, what
/// is to be sent.
@Singleton
class AlertWriter {

    private static final int EVIDENCE = 20;
    private static final int AGENTS = 100;

    private final AlertRepository alerts;
    private final ConditionRepository conditions;
    private final AlertOutbox outbox;

    AlertWriter(AlertRepository alerts, ConditionRepository conditions, AlertOutbox outbox) {
        this.alerts = alerts;
        this.conditions = conditions;
        this.outbox = outbox;
    }

    /// @param episode as far as it is known; one that is over makes a resolved alert
    /// @return what is wrong with the rule's action; null when nothing is
    @Nullable String fire(
            Connection connection, ReadRule read, Match match, Episode episode, Instant now)
            throws SQLException {
        List<String> agents = conditions.agents(connection, read.sql(), match, AGENTS + 1);
        boolean complete = agents.size() <= AGENTS;
        AlertRepository.Fired fired =
                new AlertRepository.Fired(
                        read.rule(),
                        match.key().id(),
                        match.key().text(read.condition().keys()),
                        match.value(),
                        AlertDescription.of(read, match, episode),
                        conditions.evidence(connection, read.sql(), match, EVIDENCE),
                        agents.subList(0, Math.min(AGENTS, agents.size())),
                        complete);
        long id = alerts.insert(connection, fired, episode, now);
        return outbox.add(connection, read.rule(), id, AlertDelivery.Transition.FIRED, now);
    }

    /// @return what is wrong with the rule's action; null when nothing is
    @Nullable String resolve(Connection connection, AlertRule rule, long alertId, Instant now)
            throws SQLException {
        alerts.resolve(connection, alertId, now, now);
        return outbox.add(connection, rule, alertId, AlertDelivery.Transition.RESOLVED, now);
    }
}
