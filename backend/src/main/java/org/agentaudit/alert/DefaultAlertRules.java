package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.agentaudit.access.AccessLog;
import org.agentaudit.analysis.Severity;

/// The rules that are there from the start, each made once: changed or deleted, it stays so.
@Singleton
class DefaultAlertRules {

    private static final List<AlertRuleDraft> RULES =
            List.of(
                    new AlertRuleDraft(
                            "sensitive_data_accessed",
                            """
                            agent_audit_log
                            | sensitive_data_accessed = true
                            | count() > 0
                            """,
                            "PT5M",
                            "notify_security",
                            true,
                            Severity.WARNING),
                    new AlertRuleDraft(
                            "agent_failure_spike",
                            """
                            agent_audit_log
                            | outcome_status = 'failure'
                            | count() by agent_id
                            | count > 10
                            """,
                            "PT15M",
                            "notify_ops",
                            true,
                            Severity.WARNING),
                    new AlertRuleDraft(
                            "unusual_agent_activity",
                            """
                            agent_audit_log
                            | count() by agent_id
                            | count > avg(count) * 3
                            """,
                            "PT1H",
                            "notify_security",
                            true,
                            Severity.WARNING),
                    new AlertRuleDraft(
                            "safety_findings",
                            """
                            findings
                            | severity = 'critical' or kind = 'possible_hallucination'
                            | count() by kind, agent_id
                            | count > 0
                            """,
                            "PT6H",
                            "notify_security",
                            true,
                            Severity.CRITICAL));

    private final TransactionOperations<Connection> transactions;
    private final AlertRuleRepository repository;
    private final Clock clock;

    DefaultAlertRules(
            TransactionOperations<Connection> transactions,
            AlertRuleRepository repository,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.clock = clock;
    }

    /// As they are made, to begin others with.
    static List<AlertRuleDraft> examples() {
        return RULES;
    }

    /// Makes those that were not made yet; with several portals at once still one each.
    void ensure() {
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                    for (AlertRuleDraft draft : RULES) {
                        if (repository.noteDefault(connection, draft.name(), now)) {
                            repository.insert(
                                    connection,
                                    draft,
                                    draft.check().window().text(),
                                    new String[0],
                                    true,
                                    AccessLog.PORTAL_START,
                                    now);
                        }
                    }
                    return true;
                });
    }
}
