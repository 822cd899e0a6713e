package org.agentaudit.incident;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccount;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Cursor;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.query.TypedText;
import org.jspecify.annotations.Nullable;

/// Incidents, for viewers who may see an agent of their trace; for others they are not there. Every
/// change is in the access log, by the same commit, without the texts.
@Singleton
public class Incidents {

    static final int MAXIMUM_TITLE = 200;
    static final int MAXIMUM_NOTES = 1_000;

    private static final Duration LONGEST_AWARE = Duration.ofDays(3_653);

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private final TransactionOperations<Connection> transactions;
    private final IncidentRepository repository;
    private final IncidentRecordRepository records;
    private final ReportingTimes times;
    private final TraceQuery traces;
    private final UserAccounts users;
    private final AccessLog accessLog;
    private final Clock clock;

    Incidents(
            TransactionOperations<Connection> transactions,
            IncidentRepository repository,
            IncidentRecordRepository records,
            ReportingTimes times,
            TraceQuery traces,
            UserAccounts users,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.records = records;
        this.times = times;
        this.traces = traces;
        this.users = users;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// One incident; empty when there is none or its trace lies outside the viewer's scope.
    ///
    /// @param id as it was given out; anything else is no incident
    public Optional<Incident> byId(Viewer viewer, String id) {
        viewer.requireReader();
        Optional<Long> number = number(id);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        return transactions
                .executeRead(
                        status ->
                                repository.byId(
                                        status.getConnection(), viewer, number.get(), false))
                .map(incident -> incident.disclosed(viewer));
    }

    /// Incidents in the viewer's scope, newest first; only forwards.
    ///
    /// @param status null: whatever it is
    /// @throws BadInputException when the cursor is malformed
    public Page<Incident> page(Viewer viewer, @Nullable IncidentStatus status, PageRequest part) {
        return page(viewer, IncidentFilter.ofStatus(status), IncidentOrder.OPENED, part);
    }

    /// The same of a filter, in an order.
    ///
    /// @throws BadInputException when the cursor is malformed
    public Page<Incident> page(
            Viewer viewer, IncidentFilter filter, IncidentOrder order, PageRequest part) {
        viewer.requireReader();
        String after = part.after();
        Cursor cursor = after == null ? null : Cursor.decode(after);
        IncidentRepository.Place place =
                cursor == null
                        ? null
                        : new IncidentRepository.Place(
                                ChronoUnit.MICROS.between(Instant.EPOCH, cursor.occurredAt()),
                                cursor.arrival());
        List<IncidentRepository.Placed> found =
                transactions.executeRead(
                        read ->
                                repository.page(
                                        read.getConnection(),
                                        viewer,
                                        filter,
                                        order,
                                        times.all(),
                                        now(),
                                        place,
                                        part.size() + 1));
        List<Page.Edge<Incident>> edges =
                found.stream()
                        .limit(part.size())
                        .map(
                                one ->
                                        new Page.Edge<>(
                                                new Cursor(
                                                                Instant.EPOCH.plus(
                                                                        one.key(),
                                                                        ChronoUnit.MICROS),
                                                                one.incident().id())
                                                        .encode(),
                                                one.incident().disclosed(viewer)))
                        .toList();
        return new Page<>(edges, found.size() > part.size(), after != null);
    }

    /// How many incidents the viewer sees of each status; a status that none has is absent.
    public Map<IncidentStatus, Long> counts(Viewer viewer) {
        viewer.requireReader();
        return transactions.executeRead(
                status -> repository.counts(status.getConnection(), viewer));
    }

    /// What was changed about an incident that the viewer sees, oldest first.
    List<IncidentStep> steps(Incident incident) {
        return transactions.executeRead(
                status -> records.steps(status.getConnection(), incident.id()));
    }

    /// Reports made of an incident that the viewer sees, newest first.
    List<IncidentVersion> reports(Incident incident) {
        return transactions.executeRead(
                status -> records.reports(status.getConnection(), incident.id()));
    }

    /// Notes that a report was made of an incident that the viewer sees.
    public void reportMade(Viewer viewer, Incident incident, UUID reportId, String format) {
        viewer.requireReader();
        transactions.executeWrite(
                status -> {
                    records.addReport(
                            status.getConnection(),
                            incident.id(),
                            new IncidentVersion(reportId, format, now(), viewer.username()));
                    return true;
                });
    }

    /// Users who may be assigned, by name.
    List<String> assignable() {
        return users.list().stream()
                .filter(Incidents::isAssignable)
                .map(UserAccount::username)
                .sorted()
                .toList();
    }

    static boolean mayWork(Viewer viewer) {
        return viewer.roles().stream().anyMatch(Incidents::investigates);
    }

    /// Opens an incident on a trace, known from now on.
    ///
    /// @return empty when there is no such trace in the viewer's scope
    /// @throws BadInputException when the title is blank, too long, or has control characters
    public Optional<Incident> open(Viewer viewer, String traceId, String title, Severity severity) {
        return open(viewer, new IncidentDraft(traceId, title, severity, null, null, null));
    }

    /// Opens an incident.
    ///
    /// @return empty when there is no such trace in the viewer's scope
    /// @throws BadInputException as for the other, and when `awareAt` has not come yet
    public Optional<Incident> open(Viewer viewer, IncidentDraft draft) {
        requireInvestigator(viewer);
        Instant now = now();
        Instant awareAt = draft.awareAt();
        if (awareAt != null
                && (awareAt.isAfter(now) || awareAt.isBefore(now.minus(LONGEST_AWARE)))) {
            throw new BadInputException("'awareAt' must lie in the past, at most ten years ago.");
        }
        IncidentDraft checked =
                new IncidentDraft(
                        draft.traceId(),
                        TypedText.line("title", draft.title(), MAXIMUM_TITLE),
                        draft.severity(),
                        awareAt,
                        draft.alertId(),
                        draft.findingId());
        if (traces.byId(viewer, checked.traceId()).isEmpty()) {
            return Optional.empty();
        }
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    long id = repository.insert(connection, checked, viewer.username(), now);
                    accessLog.append(
                            connection,
                            viewer,
                            AccessAction.INCIDENT_OPENED,
                            "incident " + id + " on trace " + checked.traceId(),
                            null);
                    return repository.byId(connection, viewer, id, false);
                });
    }

    /// Changes an incident: all of it or nothing.
    ///
    /// @return empty when there is no such incident in the viewer's scope
    /// @throws BadInputException when the assignee cannot work on incidents, a reporting time is
    ///      not known, or there are too many notes
    /// @throws EditConflictException when it was changed since the version that the change names
    public Optional<Incident> update(Viewer viewer, String id, IncidentChange change) {
        requireInvestigator(viewer);
        String assignee = change.assignee();
        if (assignee != null && !assignee.isEmpty()) {
            requireAssignable(assignee);
        }
        if (change.duties() != null) {
            times.require(change.duties());
        }
        Optional<Long> number = number(id);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        return transactions.executeWrite(
                status -> update(status.getConnection(), viewer, number.get(), change));
    }

    private Optional<Incident> update(
            Connection connection, Viewer viewer, long id, IncidentChange change)
            throws SQLException {
        Optional<Incident> found = repository.byId(connection, viewer, id, true);
        if (found.isEmpty()) {
            return found;
        }
        Incident before = found.get();
        if (change.version() != null && change.version() != before.version()) {
            throw new EditConflictException();
        }
        Instant now = now();
        repository.update(connection, changed(before, change, now), now);
        String note = change.note();
        if (note != null) {
            if (before.notes().size() >= MAXIMUM_NOTES) {
                throw new BadInputException(
                        "An incident has at most %,d notes.".formatted(MAXIMUM_NOTES));
            }
            repository.addNote(connection, id, new Incident.Note(now, viewer.username(), note));
        }
        records.addStep(
                connection, id, new IncidentStep(now, viewer.username(), change.described()));
        accessLog.append(
                connection,
                viewer,
                AccessAction.INCIDENT_CHANGED,
                "incident " + id + ": " + change.described(),
                null);
        return repository.byId(connection, viewer, id, false);
    }

    private static Incident changed(Incident before, IncidentChange change, Instant now) {
        IncidentStatus status = Objects.requireNonNullElse(change.status(), before.status());
        Instant resolvedAt = before.resolvedAt();
        if (status != IncidentStatus.RESOLVED) {
            resolvedAt = null;
        } else if (resolvedAt == null) {
            resolvedAt = now;
        }
        return new Incident(
                before.id(),
                before.title(),
                status,
                Objects.requireNonNullElse(change.severity(), before.severity()),
                before.traceId(),
                before.openedAt(),
                before.openedBy(),
                before.awareAt(),
                replaced(before.assignee(), change.assignee()),
                resolvedAt,
                now,
                before.version() + 1,
                change.duties() == null ? before.duties() : change.duties(),
                before.alertId(),
                before.findingId(),
                before.notes(),
                replaced(before.rootCause(), change.rootCause()),
                Objects.requireNonNullElse(change.recommendations(), before.recommendations()));
    }

    private static @Nullable String replaced(@Nullable String before, @Nullable String text) {
        if (text == null) {
            return before;
        }
        return text.isEmpty() ? null : text;
    }

    private void requireAssignable(String username) {
        Optional<UserAccount> user = users.find(username);
        if (user.isEmpty() || !isAssignable(user.get())) {
            throw new BadInputException(
                    "'assignee' must be the name of a user with the role COMPLIANCE_OFFICER or"
                            + " SECURITY_ANALYST.");
        }
    }

    private static boolean isAssignable(UserAccount user) {
        return !user.disabled() && user.roles().stream().anyMatch(Incidents::investigates);
    }

    private static boolean investigates(Role role) {
        return role == Role.COMPLIANCE_OFFICER || role == Role.SECURITY_ANALYST;
    }

    private static void requireInvestigator(Viewer viewer) {
        if (!mayWork(viewer)) {
            throw new AccessDeniedException(
                    "Working on incidents needs the role COMPLIANCE_OFFICER or SECURITY_ANALYST.");
        }
    }

    /// PostgreSQL keeps microseconds.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static Optional<Long> number(String id) {
        return NUMBER.matcher(id).matches() ? Optional.of(Long.parseLong(id)) : Optional.empty();
    }
}
