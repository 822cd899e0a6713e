package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Evaluates windows once more some time after they ended, with the events that came late. What
/// would have fired and did not becomes an alert that is over already. After a gap in the
/// evaluation, in which senders may have waited too, that time starts anew, so it also makes up for
/// the windows of the gap, back to a day.
@Singleton
class SecondLook {

    /// Windows looked at at once; fewer wait for more.
    private static final int MOST_POINTS = 200;
    private static final int FEWEST_POINTS = 10;

    private static final Duration FARTHEST = Duration.ofDays(1);

    private final AlertRepository alerts;
    private final ConditionRepository conditions;
    private final AlertWriter writer;
    private final AlertConfig config;

    SecondLook(
            AlertRepository alerts,
            ConditionRepository conditions,
            AlertWriter writer,
            AlertConfig config) {
        this.alerts = alerts;
        this.conditions = conditions;
        this.writer = writer;
        this.config = config;
    }

    /// @param until   windows that ended up to here need no further look
    /// @param problem null when there is none
    record Seen(Instant until, @Nullable String problem) {}

    Seen look(
            Connection connection,
            ReadRule read,
            Instant lookedUntil,
            Instant resumedAt,
            Duration interval,
            Instant now)
            throws SQLException {
        Instant end = now.minus(config.late());
        Instant farthest = end.minus(FARTHEST);
        Instant from = lookedUntil.isBefore(farthest) ? farthest : lookedUntil;
        if (resumedAt.plus(config.late()).isAfter(now)
                || from.plus(interval.multipliedBy(FEWEST_POINTS)).isAfter(end)) {
            return new Seen(from, null);
        }
        List<Instant> points = new ArrayList<>();
        for (Instant point = from.plus(interval);
                !point.isAfter(end) && points.size() < MOST_POINTS;
                point = point.plus(interval)) {
            points.add(point);
        }
        int limit = MOST_POINTS * AlertEvaluation.MOST_KEYS;
        List<Match> matches =
                conditions.matches(connection, read.condition(), read.sql(), points, limit);
        Episodes episodes = new Episodes(read.window().calm());
        episodes.add(points, matches);
        Instant until = points.getLast();
        @Nullable String problem = null;
        int made = 0;
        for (Episodes.Found found : episodes.all()) {
            Episode episode = found.episode();
            if (made < AlertEvaluation.MOST_KEYS && isNew(connection, read, found, until)) {
                if (episode.resolvedAt() == null && isRecent(points, episode)) {
                    // Still going on: looked at again when it is over.
                    Instant before = episode.firedAt().minus(interval);
                    return new Seen(before.isAfter(from) ? before : from, problem);
                }
                Episode over =
                        episode.resolvedAt() == null
                                ? new Episode(episode.firedAt(), null, until)
                                : episode;
                problem = writer.fire(connection, read, found.match(), over, now);
                made++;
            }
        }
        return new Seen(until, problem);
    }

    /// Whether there is hope to see its end by waiting: not when it fills all that is looked at.
    private static boolean isRecent(List<Instant> points, Episode episode) {
        return points.size() < MOST_POINTS || episode.firedAt().isAfter(points.getFirst());
    }

    private boolean isNew(
            Connection connection, ReadRule read, Episodes.Found found, Instant lastPoint)
            throws SQLException {
        Duration calm = read.window().calm();
        Instant over = found.episode().resolvedAt();
        return !alerts.firedBetween(
                connection,
                read.rule().id(),
                found.match().key().id(),
                found.episode().firedAt().minus(calm),
                (over == null ? lastPoint : over).plus(calm));
    }
}
