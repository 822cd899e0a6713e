package org.agentaudit.delivery;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.mail.MailServer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.report.ReportConfig;
import org.jspecify.annotations.Nullable;

/// Subscriptions to reports. A COMPLIANCE_OFFICER has their own: a mail shows what its owner may
/// see, so nobody else may turn it to another address. An ADMIN manages everybody's, whose owner
/// they do not become, and takes addresses away but adds none. Every change is in the access log,
/// by the same commit.
@Singleton
public class ReportSubscriptions {

    static final int MAXIMUM_PER_OWNER = 100;

    private static final int FIRST_YEAR = 1999;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

    private final TransactionOperations<Connection> transactions;
    private final SubscriptionRepository repository;
    private final AccessLog accessLog;
    private final ReportConfig reports;
    private final MailServer server;
    private final Clock clock;

    ReportSubscriptions(
            TransactionOperations<Connection> transactions,
            SubscriptionRepository repository,
            AccessLog accessLog,
            ReportConfig reports,
            MailServer server,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.reports = reports;
        this.server = server;
        this.clock = clock;
    }

    /// The subscriptions that the viewer manages, oldest first.
    public List<ReportSubscription> list(Viewer viewer) {
        String owner = managed(viewer);
        return transactions.executeRead(status -> repository.list(status.getConnection(), owner));
    }

    /// One of them; empty when there is none with that id that the viewer manages.
    public Optional<ReportSubscription> find(Viewer viewer, String id) {
        String owner = managed(viewer);
        return NUMBER.matcher(id).matches()
                ? transactions.executeRead(
                        status ->
                                repository.byId(
                                        status.getConnection(), Long.parseLong(id), owner, false))
                : Optional.empty();
    }

    /// Makes a subscription of the viewer's own.
    ///
    /// @throws BadInputException when the agent lies outside the viewer's scope, or the viewer has
    ///     too many subscriptions
    public ReportSubscription add(Viewer viewer, SubscriptionInput input) {
        managed(viewer);
        requireInScope(viewer, input);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    String owner = viewer.username();
                    if (repository.count(connection, owner) >= MAXIMUM_PER_OWNER) {
                        throw new BadInputException(
                                "You have %d report subscriptions: delete one first."
                                        .formatted(MAXIMUM_PER_OWNER));
                    }
                    long id = repository.insert(connection, owner, input, now());
                    log(connection, viewer, id, "added", input);
                    return repository.byId(connection, id, null, false).orElseThrow();
                });
    }

    /// Replaces what a subscription says.
    ///
    /// @return empty when there is none with that id that the viewer manages
    /// @throws BadInputException     when the agent lies outside the viewer's scope
    /// @throws AccessDeniedException when it is somebody else's and would go to a new address
    public Optional<ReportSubscription> change(Viewer viewer, String id, SubscriptionInput input) {
        String owner = managed(viewer);
        requireInScope(viewer, input);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Optional<ReportSubscription> before = locked(connection, id, owner);
                    if (before.isEmpty()) {
                        return before;
                    }
                    requireKnownRecipients(viewer, before.get(), input);
                    long number = before.get().id();
                    repository.update(connection, number, input, now());
                    log(connection, viewer, number, "changed", input);
                    return repository.byId(connection, number, null, false);
                });
    }

    /// Has a subscription sent by itself, or by hand only.
    ///
    /// @return empty when there is none with that id that the viewer manages
    public Optional<ReportSubscription> enable(Viewer viewer, String id, boolean enabled) {
        String owner = managed(viewer);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Optional<ReportSubscription> before = locked(connection, id, owner);
                    if (before.isEmpty()) {
                        return before;
                    }
                    long number = before.get().id();
                    repository.enable(connection, number, enabled, now());
                    accessLog.append(
                            connection,
                            viewer,
                            AccessAction.SETTINGS_CHANGED,
                            "report subscription %d %s"
                                    .formatted(number, enabled ? "enabled" : "disabled"),
                            null);
                    return repository.byId(connection, number, null, false);
                });
    }

    /// Deletes a subscription; mails of it that wait are not sent any more.
    ///
    /// @return false when there is none with that id that the viewer manages
    public boolean delete(Viewer viewer, String id) {
        String owner = managed(viewer);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Optional<ReportSubscription> before = locked(connection, id, owner);
                    if (before.isEmpty()) {
                        return false;
                    }
                    long number = before.get().id();
                    repository.delete(connection, number, now());
                    accessLog.append(
                            connection,
                            viewer,
                            AccessAction.SETTINGS_CHANGED,
                            "report subscription " + number + " deleted",
                            null);
                    return true;
                });
    }

    /// Queues one mail for each recipient. A mail that was sent or waits for that day is not queued
    /// again, one that failed is.
    ///
    /// @param forDate last day that the report covers; null: the last complete one in the report
    ///     time zone
    /// @return empty when there is no subscription with that id that the viewer manages
    /// @throws BadInputException when the day is not over yet
    public Optional<Delivery> send(Viewer viewer, String id, @Nullable LocalDate forDate) {
        String owner = managed(viewer);
        LocalDate last = LocalDate.ofInstant(clock.instant(), reports.timeZone()).minusDays(1);
        LocalDate day = forDate == null ? last : forDate;
        if (day.isAfter(last) || day.getYear() < FIRST_YEAR) {
            throw new BadInputException(
                    "'forDate' must be a day that is over, %s or before.".formatted(last));
        }
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Optional<ReportSubscription> found = locked(connection, id, owner);
                    if (found.isEmpty()) {
                        return Optional.empty();
                    }
                    ReportSubscription subscription = found.get();
                    if (subscription.recipients().isEmpty()) {
                        throw new BadInputException(
                                "Nobody is left to send to: every recipient unsubscribed.");
                    }
                    repository.queue(
                            connection,
                            subscription.id(),
                            subscription.recipients(),
                            day,
                            viewer.username(),
                            false,
                            server.domain(),
                            now());
                    accessLog.append(
                            connection,
                            viewer,
                            AccessAction.REPORT_SENT,
                            "report subscription %d for %s to %s"
                                    .formatted(
                                            subscription.id(),
                                            day,
                                            String.join(", ", subscription.recipients())),
                            null);
                    return repository.delivery(connection, subscription.id(), day);
                });
    }

    /// Whose subscriptions the viewer manages; null: everybody's.
    static @Nullable String managed(Viewer viewer) {
        if (viewer.has(Role.ADMIN)) {
            return null;
        }
        if (!viewer.has(Role.COMPLIANCE_OFFICER)) {
            throw new AccessDeniedException(
                    "Report subscriptions need the role ADMIN or COMPLIANCE_OFFICER.");
        }
        return viewer.username();
    }

    private static void requireInScope(Viewer viewer, SubscriptionInput input) {
        String agentId = input.agentId();
        if (agentId != null && !AgentScope.of(viewer).includes(agentId)) {
            throw new BadInputException("'agentId' names no agent that you may see.");
        }
    }

    private static void requireKnownRecipients(
            Viewer viewer, ReportSubscription before, SubscriptionInput input) {
        if (before.owner().equals(viewer.username())) {
            return;
        }
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        known.addAll(before.recipients());
        if (!known.containsAll(input.recipients())) {
            throw new AccessDeniedException(
                    "Only '%s', whose subscription it is, may add recipients."
                            .formatted(before.owner()));
        }
    }

    private Optional<ReportSubscription> locked(
            Connection connection, String id, @Nullable String owner) throws SQLException {
        return NUMBER.matcher(id).matches()
                ? repository.byId(connection, Long.parseLong(id), owner, true)
                : Optional.empty(); // none of ours
    }

    private void log(
            Connection connection, Viewer viewer, long id, String done, SubscriptionInput input)
            throws SQLException {
        String agent = input.agentId() == null ? "" : " of " + input.agentId();
        accessLog.append(
                connection,
                viewer,
                AccessAction.SETTINGS_CHANGED,
                "report subscription %d %s: %s%s to %s, days %s at %s %s, %s"
                        .formatted(
                                id,
                                done,
                                input.kind(),
                                agent,
                                String.join(", ", input.recipients()),
                                input.days(),
                                input.sendAt(),
                                input.timeZone(),
                                input.enabled() ? "enabled" : "disabled"),
                null);
    }

    /// PostgreSQL keeps microseconds.
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
