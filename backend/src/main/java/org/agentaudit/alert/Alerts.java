package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.TypedText;
import org.jspecify.annotations.Nullable;

/// Alerts for a viewer. One who is limited to some agents sees those whose numbers rest on these
/// agents alone, and those of rules made with the same limits.
@Singleton
public class Alerts {

    private static final int LONGEST_NOTE = 2_000;

    private final TransactionOperations<Connection> transactions;
    private final AlertRepository repository;
    private final AccessLog accessLog;
    private final Clock clock;

    Alerts(
            TransactionOperations<Connection> transactions,
            AlertRepository repository,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// Newest first.
    ///
    /// @param state null for any
    /// @param page  forwards only
    /// @throws BadInputException when the cursor is malformed
    public Page<Alert> page(Viewer viewer, @Nullable AlertState state, PageRequest page) {
        viewer.requireReader();
        String after = page.after();
        AlertCursor place = after == null ? null : AlertCursor.decode(after);
        List<Alert> found =
                new ArrayList<>(
                        transactions.executeRead(
                                status -> {
                                    Connection connection = status.getConnection();
                                    return withDeliveries(
                                            connection,
                                            repository.find(
                                                    connection,
                                                    viewer,
                                                    state,
                                                    place,
                                                    page.size() + 1));
                                }));
        boolean more = found.size() > page.size();
        if (more) {
            found.removeLast();
        }
        List<Page.Edge<Alert>> edges =
                found.stream()
                        .map(
                                alert ->
                                        new Page.Edge<>(
                                                new AlertCursor(alert.firedAt(), alert.id())
                                                        .encode(),
                                                alert))
                        .toList();
        return new Page<>(edges, more, after != null);
    }

    /// The alerts for the viewer that fired in [from, to), newest first, without what was sent
    /// about them.
    public List<Alert> firedIn(Viewer viewer, Instant from, Instant to, int limit) {
        viewer.requireReader();
        return transactions.executeRead(
                status -> repository.firedIn(status.getConnection(), viewer, from, to, limit));
    }

    /// The alerts that exist and are for the viewer, by number.
    public List<Alert> byIds(Viewer viewer, List<Long> ids) {
        viewer.requireReader();
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    return withDeliveries(connection, repository.byIds(connection, viewer, ids));
                });
    }

    /// Notes that somebody looks after the alert. One that was resolved before anybody did stays
    /// RESOLVED and keeps who acknowledged it.
    ///
    /// @return empty when there is no such alert or it is not for the viewer
    /// @throws AccessDeniedException unless the viewer is COMPLIANCE_OFFICER or SECURITY_ANALYST
    /// @throws BadInputException     when it is acknowledged already, or the note is too long
    public Optional<Alert> acknowledge(Viewer viewer, long id, @Nullable String note) {
        if (!viewer.has(Role.COMPLIANCE_OFFICER) && !viewer.has(Role.SECURITY_ANALYST)) {
            throw new AccessDeniedException(
                    "Acknowledging alerts needs the role COMPLIANCE_OFFICER or SECURITY_ANALYST.");
        }
        String comment = note == null ? null : TypedText.lines("note", note, LONGEST_NOTE);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    repository.hold(connection, id);
                    Optional<Alert> before = one(connection, viewer, id);
                    if (before.isEmpty()) {
                        return before;
                    }
                    Alert alert = before.get();
                    if (alert.acknowledgedBy() != null) {
                        throw new BadInputException(
                                "The alert was acknowledged by %s at %s already."
                                        .formatted(alert.acknowledgedBy(), alert.acknowledgedAt()));
                    }
                    repository.acknowledge(
                            connection,
                            id,
                            viewer.username(),
                            comment,
                            clock.instant().truncatedTo(ChronoUnit.MICROS));
                    Optional<Alert> after = one(connection, viewer, id);
                    accessLog.appendSettingsChange(
                            connection,
                            viewer.username(),
                            "alert %d acknowledged: %s -> %s"
                                    .formatted(id, alert.state(), after.orElseThrow().state()),
                            comment);
                    return after;
                });
    }

    private Optional<Alert> one(Connection connection, Viewer viewer, long id) throws SQLException {
        return withDeliveries(connection, repository.byIds(connection, viewer, List.of(id)))
                .stream()
                .findFirst();
    }

    private List<Alert> withDeliveries(Connection connection, List<Alert> alerts)
            throws SQLException {
        Map<Long, List<AlertDelivery>> deliveries =
                repository.deliveries(connection, alerts.stream().map(Alert::id).toList());
        return alerts.stream()
                .map(alert -> alert.with(deliveries.getOrDefault(alert.id(), List.of())))
                .toList();
    }
}
