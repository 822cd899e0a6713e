package org.agentaudit.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.MovedClock;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.PageRequest;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;

/// A portal's beans on a fresh database with a clock that can be moved; nothing runs by itself.
final class AlertFixture implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final Viewer ANALYST = new Viewer("analyst", Set.of(Role.SECURITY_ANALYST), List.of());

    final TestDatabase.Fresh database = TestDatabase.create();
    final ApplicationContext context;
    final MovedClock clock = new MovedClock(NOW);
    private final Path dataDir;

    AlertFixture(Map<String, Object> settings) {
        try {
            dataDir = Files.createTempDirectory("alert-test");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        context = start(settings);
    }

    /// Another portal on the same database.
    ApplicationContext start(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", dataDir.toString());
        properties.put("portal.background", "false");
        properties.putAll(settings);
        return ApplicationContext.builder().properties(properties).singletons(clock).start();
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    void store(List<AuditEvent> events) {
        List<NewEvent> batch =
                events.stream()
                        .map(e -> new NewEvent(e, RandomEvents.digest(e), 1, new Prover()))
                        .toList();
        assertThat(bean(EventStore.class).append(batch, List.of()).join())
                .allMatch(result -> result.equals(AppendResult.STORED));
    }

    /// Makes a rule as an analyst without limits.
    AlertRule rule(String name, String condition, String window, String action) {
        return rule(ANALYST, name, condition, window, action);
    }

    AlertRule rule(Viewer viewer, String name, String condition, String window, String action) {
        return bean(AlertRules.class)
                .save(
                        viewer,
                        null,
                        new AlertRuleDraft(name, condition, window, action, true, Severity.WARNING))
                .orElseThrow();
    }

    /// Moves the clock and evaluates what is due then.
    int evaluateAt(Instant at) {
        clock.now = at;
        return bean(AlertEvaluation.class).evaluateDue();
    }

    /// Evaluates every half minute.
    void evaluateUntil(Instant from, Instant to) {
        for (Instant at = from; !at.isAfter(to); at = at.plusSeconds(30)) {
            evaluateAt(at);
        }
    }

    /// Alerts of a rule, oldest first.
    List<Alert> alerts(Viewer viewer, String ruleName) {
        return bean(Alerts.class)
                .page(viewer, null, PageRequest.first(1000, null))
                .nodes()
                .reversed()
                .stream()
                .filter(alert -> alert.ruleName().equals(ruleName))
                .toList();
    }

    List<Alert> alerts(String ruleName) {
        return alerts(ANALYST, ruleName);
    }

    AlertRule ruleNow(long id) {
        return bean(AlertRules.class).list(ANALYST).stream()
                .filter(rule -> rule.id() == id)
                .findFirst()
                .orElseThrow();
    }

    /// The first column of every row.
    List<String> texts(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
