package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Alert rules of a security analyst. A rule is limited to the agents its maker was limited to, for
/// good; who is limited sees rules of the same limits and those without, and changes only the
/// former.
@Singleton
public class AlertRules {

    private static final int MOST = 200;

    private final TransactionOperations<Connection> transactions;
    private final AlertRuleRepository repository;
    private final AlertRepository alerts;
    private final AlertOutbox outbox;
    private final AlertTargets targets;
    private final AccessLog accessLog;
    private final Clock clock;

    AlertRules(
            TransactionOperations<Connection> transactions,
            AlertRuleRepository repository,
            AlertRepository alerts,
            AlertOutbox outbox,
            AlertTargets targets,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.alerts = alerts;
        this.outbox = outbox;
        this.targets = targets;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// By number.
    ///
    /// @throws AccessDeniedException unless the viewer is SECURITY_ANALYST
    public List<AlertRule> list(Viewer viewer) {
        requireAnalyst(viewer);
        return transactions.executeRead(
                status -> repository.list(status.getConnection(), scope(viewer)));
    }

    /// Makes a rule, or changes one: alerts that fire go on with the new condition, or are resolved
    /// when it is disabled.
    ///
    /// @param id null for a new rule
    /// @return empty when there is no rule of that number for the viewer
    /// @throws AccessDeniedException unless the viewer is SECURITY_ANALYST and the rule has the
    ///     viewer's limits
    /// @throws BadInputException     for the first part of the draft that cannot be used
    public Optional<AlertRule> save(Viewer viewer, @Nullable Long id, AlertRuleDraft draft) {
        requireAnalyst(viewer);
        String window = draft.check().window().text();
        targets.of(draft.action());
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Instant now = now();
                    if (id == null) {
                        return Optional.of(insert(connection, viewer, draft, window, now));
                    }
                    Optional<AlertRule> before = changeable(connection, viewer, id);
                    if (before.isEmpty()) {
                        return before;
                    }
                    repository.update(connection, id, draft, window, viewer.username(), now);
                    AlertRule after = repository.hold(connection, id).orElseThrow();
                    if (!after.enabled()) {
                        resolveAll(connection, after, now);
                    }
                    log(
                            connection,
                            viewer,
                            "alert rule %d: %s -> %s"
                                    .formatted(id, before.get().settings(), after.settings()));
                    return Optional.of(after);
                });
    }

    /// Its alerts stay; those that fire are resolved.
    ///
    /// @return false when there is no rule of that number for the viewer
    /// @throws AccessDeniedException as for saving
    public boolean delete(Viewer viewer, long id) {
        requireAnalyst(viewer);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Optional<AlertRule> rule = changeable(connection, viewer, id);
                    if (rule.isEmpty()) {
                        return false;
                    }
                    resolveAll(connection, rule.get(), now());
                    repository.delete(connection, id);
                    log(
                            connection,
                            viewer,
                            "alert rule %d deleted: %s".formatted(id, rule.get().settings()));
                    return true;
                });
    }

    /// The viewer's limits as a rule keeps them; null for none.
    static String @Nullable [] scope(Viewer viewer) {
        return viewer.agentScope().isEmpty()
                ? null
                : viewer.agentScope().stream().distinct().sorted().toArray(String[]::new);
    }

    private AlertRule insert(
            Connection connection, Viewer viewer, AlertRuleDraft draft, String window, Instant now)
            throws SQLException {
        if (repository.count(connection) >= MOST) {
            throw new BadInputException("There are " + MOST + " alert rules, which is the most.");
        }
        String[] scope = scope(viewer);
        long id =
                repository.insert(
                        connection,
                        draft,
                        window,
                        scope == null ? new String[0] : scope,
                        false,
                        viewer.username(),
                        now);
        AlertRule rule = repository.hold(connection, id).orElseThrow();
        log(connection, viewer, "alert rule %d made: %s".formatted(id, rule.settings()));
        return rule;
    }

    /// The rule, held; empty when there is none that the viewer sees.
    private Optional<AlertRule> changeable(Connection connection, Viewer viewer, long id)
            throws SQLException {
        Optional<AlertRule> rule = repository.hold(connection, id);
        String[] scope = scope(viewer);
        if (scope == null || rule.isEmpty()) {
            return rule;
        }
        List<String> limits = rule.get().agentScope();
        if (limits.equals(Arrays.asList(scope))) {
            return rule;
        }
        if (limits.isEmpty()) {
            throw new AccessDeniedException(
                    "The rule watches all agents; who is limited to some may not change it.");
        }
        return Optional.empty();
    }

    private void resolveAll(Connection connection, AlertRule rule, Instant now)
            throws SQLException {
        for (AlertRepository.Open open : alerts.open(connection, rule.id()).values()) {
            alerts.resolve(connection, open.id(), now, now);
            outbox.add(connection, rule, open.id(), AlertDelivery.Transition.RESOLVED, now);
        }
    }

    private void log(Connection connection, Viewer viewer, String change) throws SQLException {
        accessLog.appendSettingsChange(connection, viewer.username(), change, null);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static void requireAnalyst(Viewer viewer) {
        if (!viewer.has(Role.SECURITY_ANALYST)) {
            throw new AccessDeniedException("Alert rules need the role SECURITY_ANALYST.");
        }
    }
}
