package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.database.DatabaseFailures;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Period;

/// Tries rules on past events, with the code that evaluates them in earnest.
@Singleton
public class DryRuns {

    private static final int MOST_STEPS = 1_000;
    private static final int POINTS_AT_ONCE = 50;
    private static final int MOST_EPISODES = 1_000;
    private static final Duration LONGEST_PERIOD = Duration.ofDays(92);
    private static final String TIMED_OUT = "SQLSTATE 57014";

    private final TransactionOperations<Connection> transactions;
    private final ConditionRepository conditions;
    private final AlertConfig config;
    private final Clock clock;

    DryRuns(
            TransactionOperations<Connection> transactions,
            ConditionRepository conditions,
            AlertConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.conditions = conditions;
        this.config = config;
        this.clock = clock;
    }

    /// Evaluates the rule at the end of every step of the period, of which there are at most 1,000,
    /// up to now; over the viewer's agents alone.
    ///
    /// @throws AccessDeniedException unless the viewer is SECURITY_ANALYST
    /// @throws BadInputException for a draft that cannot be used or a period longer than 92 days
    public AlertDryRun run(Viewer viewer, AlertRuleDraft draft, Period period) {
        if (!viewer.has(Role.SECURITY_ANALYST)) {
            throw new AccessDeniedException("Alert rules need the role SECURITY_ANALYST.");
        }
        AlertRuleDraft.Checked checked = draft.check();
        Duration length = Duration.between(period.from(), period.to());
        if (length.compareTo(LONGEST_PERIOD) > 0) {
            throw new BadInputException(
                    "The period of a dry run is at most "
                            + LONGEST_PERIOD.toDays()
                            + " days long.");
        }
        ReadRule read =
                new ReadRule(
                        rule(viewer, draft),
                        checked.window(),
                        checked.condition(),
                        ReadRule.sql(checked.condition(), checked.window(), viewer.agentScope()));
        Duration step = step(length, checked.window().interval(config.every()));
        return run(read, points(period, step), step, period);
    }

    private AlertDryRun run(ReadRule read, List<Instant> points, Duration step, Period period) {
        long started = System.nanoTime();
        Episodes episodes = new Episodes(read.window().calm());
        Instant evaluatedTo = period.from();
        int evaluations = 0;
        boolean complete = true;
        for (int i = 0; complete && i < points.size(); i += POINTS_AT_ONCE) {
            List<Instant> part = points.subList(i, Math.min(points.size(), i + POINTS_AT_ONCE));
            Duration left = config.dryRunLimit().minusNanos(System.nanoTime() - started);
            complete = left.isPositive() && add(episodes, read, part, left);
            if (complete) {
                evaluations += part.size();
                evaluatedTo = part.getLast();
            }
        }
        List<Episodes.Found> found = episodes.all();
        return new AlertDryRun(
                step.toSeconds(),
                evaluations,
                evaluatedTo,
                complete && found.size() <= MOST_EPISODES,
                found.stream().limit(MOST_EPISODES).map(one -> shown(read, one)).toList());
    }

    /// False when there was not enough time or room for these points.
    private boolean add(Episodes episodes, ReadRule read, List<Instant> points, Duration left) {
        int limit = POINTS_AT_ONCE * AlertEvaluation.MOST_KEYS;
        try {
            List<Match> matches =
                    transactions.executeRead(
                            status -> {
                                Connection connection = status.getConnection();
                                conditions.limitTime(connection, left);
                                return conditions.matches(
                                        connection,
                                        read.condition(),
                                        read.sql(),
                                        points,
                                        limit + 1);
                            });
            if (matches.size() > limit) {
                return false;
            }
            episodes.add(points, matches);
            return true;
        } catch (Exception e) { // of the database's too, which nobody declares
            String kind = DatabaseFailures.kindOf(e);
            if (kind.equals(TIMED_OUT)) {
                return false;
            }
            if (kind.startsWith("SQLSTATE 22")) {
                throw new BadInputException("The condition's numbers grow beyond all bounds.");
            }
            throw e;
        }
    }

    private static AlertDryRun.Episode shown(ReadRule read, Episodes.Found found) {
        Match match = found.match();
        return new AlertDryRun.Episode(
                match.key().text(read.condition().keys()),
                found.episode().firedAt(),
                found.episode().resolvedAt(),
                match.value(),
                AlertDescription.of(read, match, Episode.fired(match.at())));
    }

    private static AlertRule rule(Viewer viewer, AlertRuleDraft draft) {
        return new AlertRule(
                0,
                draft.name(),
                draft.condition(),
                draft.window(),
                draft.action(),
                draft.enabled(),
                draft.severity(),
                null,
                null,
                false,
                viewer.agentScope());
    }

    private static Duration step(Duration length, Duration interval) {
        Duration whole =
                Duration.ofSeconds(length.plusSeconds(MOST_STEPS - 1L).toSeconds() / MOST_STEPS);
        return whole.compareTo(interval) > 0 ? whole : interval;
    }

    private List<Instant> points(Period period, Duration step) {
        Instant now = clock.instant();
        Instant last = period.to().isAfter(now) ? now : period.to();
        List<Instant> points = new ArrayList<>();
        for (Instant point = period.from().truncatedTo(ChronoUnit.MICROS).plus(step);
                !point.isAfter(last);
                point = point.plus(step)) {
            points.add(point);
        }
        return points;
    }
}
