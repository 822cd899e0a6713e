package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.Cursor;
import org.agentaudit.query.EventQuery;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// Puts together the pages of alerts.
@Singleton
class AlertLists {

    private static final int PART = 50;
    private static final int DAYS = 30;
    private static final int HISTORY = 20;

    private final TransactionOperations<Connection> transactions;
    private final AlertListRepository repository;
    private final Alerts alerts;
    private final EventQuery events;
    private final Format format;
    private final Clock clock;

    AlertLists(
            TransactionOperations<Connection> transactions,
            AlertListRepository repository,
            Alerts alerts,
            EventQuery events,
            Format format,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.alerts = alerts;
        this.events = events;
        this.format = format;
        this.clock = clock;
    }

    /// @param problem why the filter cannot be used; null when it can
    /// @throws org.agentaudit.query.BadInputException when the cursor is malformed
    AlertListPage list(
            Viewer viewer, AlertQuery query, @Nullable String after, @Nullable String problem) {
        viewer.requireReader();
        Cursor place = after == null ? null : Cursor.decode(after);
        Instant now = clock.instant();
        LocalDate today = format.date(now);
        LocalDate first = today.minusDays(DAYS - 1L);
        Instant since = first.atStartOfDay(format.zone()).toInstant();
        List<AlertListRepository.Listed> found =
                problem != null
                        ? List.of()
                        : transactions.executeRead(
                                status ->
                                        repository.page(
                                                status.getConnection(),
                                                viewer,
                                                query,
                                                since,
                                                place == null
                                                        ? null
                                                        : ChronoUnit.MICROS.between(
                                                                Instant.EPOCH, place.occurredAt()),
                                                place == null ? null : place.arrival(),
                                                PART + 1));
        List<AlertListRepository.Listed> part = found.stream().limit(PART).toList();
        Map<Long, Alert> whole = new HashMap<>();
        alerts.byIds(viewer, part.stream().map(one -> one.alert().id()).toList())
                .forEach(alert -> whole.put(alert.id(), alert));
        List<AlertListRepository.Day> days =
                transactions.executeRead(
                        status ->
                                repository.days(
                                        status.getConnection(), viewer, since, format.zone()));
        Map<AlertState, Long> counts = counts(viewer);
        return new AlertListPage(
                query,
                sentence(counts),
                state(counts),
                problem,
                states(query, counts),
                part.stream()
                        .map(
                                one -> {
                                    Alert alert = whole.getOrDefault(one.alert().id(), one.alert());
                                    return new AlertListPage.Row(
                                            alert, lasted(alert, now), one.times());
                                })
                        .toList(),
                AlertCharts.perDay(first, today, days, format),
                mayWork(viewer),
                after == null ? null : query.address(null),
                found.size() > PART
                        ? query.address(
                                new Cursor(
                                                Instant.EPOCH.plus(
                                                        part.getLast().place(), ChronoUnit.MICROS),
                                                part.getLast().alert().id())
                                        .encode())
                        : null,
                now);
    }

    /// Empty when there is no such alert for the viewer.
    Optional<AlertPage> alert(Viewer viewer, long id, String typed, @Nullable String problem) {
        return alerts.byIds(viewer, List.of(id)).stream()
                .findFirst()
                .map(alert -> page(viewer, alert, typed, problem));
    }

    private AlertPage page(Viewer viewer, Alert alert, String typed, @Nullable String problem) {
        Instant now = clock.instant();
        Map<Object, AuditEvent> there = new HashMap<>();
        events.byIds(viewer, alert.evidenceIds())
                .forEach(event -> there.put(event.envelope().id(), event));
        return new AlertPage(
                alert,
                lasted(alert, now),
                alert.evidenceIds().stream().filter(there::containsKey).map(there::get).toList(),
                transactions.executeRead(
                        status ->
                                repository.history(
                                        status.getConnection(), viewer, alert.id(), HISTORY)),
                typed,
                problem,
                mayWork(viewer),
                viewer.has(Role.SECURITY_ANALYST),
                now);
    }

    static boolean mayWork(Viewer viewer) {
        return viewer.has(Role.COMPLIANCE_OFFICER) || viewer.has(Role.SECURITY_ANALYST);
    }

    private Map<AlertState, Long> counts(Viewer viewer) {
        Map<AlertState, Long> counts = new EnumMap<>(AlertState.class);
        transactions
                .executeRead(status -> repository.counts(status.getConnection(), viewer))
                .forEach(count -> counts.put(count.state(), count.alerts()));
        return counts;
    }

    private static List<AlertListPage.StateChoice> states(
            AlertQuery query, Map<AlertState, Long> counts) {
        List<AlertListPage.StateChoice> choices =
                new ArrayList<>(
                        List.of(
                                new AlertListPage.StateChoice(
                                        "All",
                                        counts.values().stream().mapToLong(Long::longValue).sum(),
                                        query.withState("").address(null),
                                        query.state().isEmpty())));
        Arrays.stream(AlertState.values())
                .forEach(
                        state -> {
                            String word = state.name().toLowerCase(Locale.ROOT);
                            choices.add(
                                    new AlertListPage.StateChoice(
                                            Character.toUpperCase(word.charAt(0))
                                                    + word.substring(1),
                                            counts.getOrDefault(state, 0L),
                                            query.withState(word).address(null),
                                            query.state().equals(word)));
                        });
        return choices;
    }

    private String sentence(Map<AlertState, Long> counts) {
        long firing = counts.getOrDefault(AlertState.FIRING, 0L);
        long taken = counts.getOrDefault(AlertState.ACKNOWLEDGED, 0L);
        if (firing == 0 && taken == 0) {
            return "Nothing is firing.";
        }
        String also =
                taken == 0
                        ? ""
                        : "; "
                                + format.count(taken, "further one is", "further ones are")
                                + " looked after";
        return firing == 0
                ? format.count(taken, "alert fires and is", "alerts fire and are")
                        + " looked after."
                : format.count(firing, "alert is", "alerts are")
                        + " firing that nobody took on"
                        + also
                        + ".";
    }

    private static String state(Map<AlertState, Long> counts) {
        if (counts.getOrDefault(AlertState.FIRING, 0L) > 0) {
            return "fail";
        }
        return counts.getOrDefault(AlertState.ACKNOWLEDGED, 0L) > 0 ? "pending" : "ok";
    }

    private String lasted(Alert alert, Instant now) {
        Instant end = alert.resolvedAt() == null ? now : alert.resolvedAt();
        return format.duration((double) Duration.between(alert.firedAt(), end).toMillis());
    }
}
