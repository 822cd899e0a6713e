package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.database.DatabaseFailures;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluates the rules that are due, each by one portal at a time, which holds its row. A window
/// ends now; windows that ended a while ago are evaluated once more, with what came late
/// ([SecondLook]).
@Singleton
public class AlertEvaluation {

    private static final Logger LOG = LoggerFactory.getLogger(AlertEvaluation.class);

    /// Keys that a rule may fire for at a time.
    static final int MOST_KEYS = 100;

    /// Evaluations that were left out make a gap.
    private static final int GAP = 5;
    private static final Duration SHORTEST_GAP = Duration.ofMinutes(2);
    private static final String TIMED_OUT = "SQLSTATE 57014";

    private final TransactionOperations<Connection> transactions;
    private final AlertRuleRepository rules;
    private final AlertRepository alerts;
    private final ConditionRepository conditions;
    private final AlertWriter writer;
    private final SecondLook secondLook;
    private final AlertConfig config;
    private final Clock clock;

    AlertEvaluation(
            TransactionOperations<Connection> transactions,
            AlertRuleRepository rules,
            AlertRepository alerts,
            ConditionRepository conditions,
            AlertWriter writer,
            SecondLook secondLook,
            AlertConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.rules = rules;
        this.alerts = alerts;
        this.conditions = conditions;
        this.writer = writer;
        this.secondLook = secondLook;
        this.config = config;
        this.clock = clock;
    }

    /// Evaluates every rule that is due now. A rule that fails says so ([AlertRule#lastError]) and
    /// holds up no other.
    ///
    /// @return how many were evaluated here
    public int evaluateDue() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        int evaluated = 0;
        for (long id : transactions.executeRead(status -> rules.due(status.getConnection(), now))) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            try {
                evaluated +=
                        transactions.executeWrite(
                                status -> evaluate(status.getConnection(), id, now));
            } catch (Exception e) { // of the database's too, which nobody declares
                String reason = reason(e);
                LOG.warn("Alert rule {} cannot be evaluated: {}", id, reason);
                transactions.executeWrite(
                        status -> {
                            rules.failed(
                                    status.getConnection(),
                                    id,
                                    now,
                                    now.plus(config.every()),
                                    reason);
                            return true;
                        });
            }
        }
        return evaluated;
    }

    private String reason(Exception failure) {
        if (failure instanceof BadInputException bad) {
            return String.valueOf(bad.getMessage());
        }
        String kind = DatabaseFailures.kindOf(failure);
        return kind.equals(TIMED_OUT)
                ? "the evaluation took longer than " + config.statementLimit().toSeconds() + " s"
                : "the evaluation failed: " + kind;
    }

    private int evaluate(Connection connection, long id, Instant now) throws SQLException {
        AlertRuleRepository.Held held = rules.holdDue(connection, id, now).orElse(null);
        if (held == null) {
            return 0;
        }
        AlertRule rule = held.rule();
        ReadRule read = ReadRule.of(rule);
        Duration interval = read.window().interval(config.every());
        conditions.limitTime(connection, config.statementLimit());
        List<@Nullable String> problems = new ArrayList<>();
        List<Match> matches =
                conditions.matches(
                        connection, read.condition(), read.sql(), List.of(now), MOST_KEYS + 1);
        boolean tooMany = matches.size() > MOST_KEYS;
        if (tooMany) {
            problems.add("fires for more than " + MOST_KEYS + " keys; the others are left out");
        }
        Instant resumedAt = resumedAt(rule, held.resumedAt(), interval, now);
        // Reads before writes: a write holds the lock of all changes until the end.
        SecondLook.Seen seen =
                secondLook.look(connection, read, held.lookedUntil(), resumedAt, interval, now);
        problems.add(seen.problem());
        problems.add(
                move(
                        connection,
                        read,
                        matches.subList(0, Math.min(MOST_KEYS, matches.size())),
                        tooMany,
                        now));
        rules.evaluated(
                connection,
                new AlertRuleRepository.Held(rule, seen.until(), resumedAt),
                now,
                now.plus(interval),
                problems.stream().filter(p -> p != null).findFirst().orElse(null));
        return 1;
    }

    /// Since when the rule has been evaluated without a gap: what was sent while nobody listened
    /// may take its time to arrive.
    private static Instant resumedAt(
            AlertRule rule, Instant resumedAt, Duration interval, Instant now) {
        Instant last = rule.lastEvaluatedAt();
        Duration longest = interval.multipliedBy(GAP);
        Duration gap = longest.compareTo(SHORTEST_GAP) > 0 ? longest : SHORTEST_GAP;
        return last != null && last.plus(gap).isBefore(now) ? now : resumedAt;
    }

    /// Moves the alerts of the rule on.
    ///
    /// @param tooMany whether keys that fire may be missing among the matches
    /// @return what is wrong with the rule's action; null when nothing is
    private @Nullable String move(
            Connection connection, ReadRule read, List<Match> matches, boolean tooMany, Instant now)
            throws SQLException {
        Map<String, AlertRepository.Open> open = alerts.open(connection, read.rule().id());
        Set<String> hit = new HashSet<>();
        @Nullable String problem = null;
        for (Match match : matches) {
            String key = match.key().id();
            hit.add(key);
            AlertRepository.Open alert = open.get(key);
            if (alert == null) {
                problem = writer.fire(connection, read, match, Episode.fired(now), now);
            } else if (alert.episode().clearSince() != null) {
                alerts.clear(connection, alert.id(), null);
            }
        }
        for (Map.Entry<String, AlertRepository.Open> entry : open.entrySet()) {
            if (!tooMany && !hit.contains(entry.getKey())) {
                AlertRepository.Open alert = entry.getValue();
                Episode next = alert.episode().miss(now, read.window().calm());
                if (next.resolvedAt() != null) {
                    problem = writer.resolve(connection, read.rule(), alert.id(), now);
                } else if (alert.episode().clearSince() == null) {
                    alerts.clear(connection, alert.id(), next.clearSince());
                }
            }
        }
        return problem;
    }
}
