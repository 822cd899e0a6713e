package org.agentaudit.compliance;

import io.micronaut.context.annotation.Value;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodCounts;
import org.jspecify.annotations.Nullable;

/// Keeps the verdicts of complete days over all agents. A day is evaluated once it has ended, and
/// again when it gets events later, at most once an hour; what has changed is appended.
@Singleton
public class CheckHistory {

    private static final Viewer ALL_AGENTS =
            new Viewer("compliance history", Set.of(Role.AUDITOR), List.of());
    private static final int MAXIMUM_DAYS = 366;

    /// Days after a time the portal was away that are evaluated afterwards.
    private static final int DAYS_BACK = 31;

    /// Late data often comes in many parts.
    private static final Duration AGAIN_AFTER = Duration.ofHours(1);

    private final TransactionOperations<Connection> transactions;
    private final CheckDayRepository repository;
    private final CheckQuery checks;
    private final CheckSettings settings;
    private final CountsQuery counts;
    private final ZoneId zone;
    private final Clock clock;

    CheckHistory(
            TransactionOperations<Connection> transactions,
            CheckDayRepository repository,
            CheckQuery checks,
            CheckSettings settings,
            CountsQuery counts,
            @Value("${portal.time-zone:UTC}") String zone,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.checks = checks;
        this.settings = settings;
        this.counts = counts;
        this.zone = ZoneId.of(zone);
        this.clock = clock;
    }

    /// Verdicts of a check on the days of [from, to), by day, then as they were evaluated.
    ///
    /// @throws BadInputException     for a check there is not, and for more than 366 days
    /// @throws AccessDeniedException for a viewer of some agents: verdicts are kept over all agents
    public List<CheckDay> of(Viewer viewer, String check, LocalDate from, LocalDate to) {
        viewer.requireReader();
        if (!viewer.agentScope().isEmpty()) {
            throw new AccessDeniedException(
                    "Verdicts of past days are kept over all agents; this account may see some only.");
        }
        if (Checks.byId(check) == null) {
            throw new BadInputException("There is no check of the name given in 'check'.");
        }
        if (!from.isBefore(to)) {
            throw new BadInputException("'from' must lie before 'to'.");
        }
        if (ChronoUnit.DAYS.between(from, to) > MAXIMUM_DAYS) {
            throw new BadInputException("'from' and 'to' must not be more than 366 days apart.");
        }
        return transactions.executeRead(
                status -> repository.history(status.getConnection(), check, from, to));
    }

    /// The valid verdicts of the days of [from, to), by day; days that were not evaluated are
    /// absent.
    ///
    /// @throws AccessDeniedException for a viewer of some agents: verdicts are kept over all agents
    public Map<LocalDate, List<CheckDay>> days(Viewer viewer, LocalDate from, LocalDate to) {
        viewer.requireReader();
        if (!viewer.agentScope().isEmpty()) {
            throw new AccessDeniedException(
                    "Verdicts of past days are kept over all agents; this account may see some only.");
        }
        return transactions
                .executeRead(
                        status -> repository.valid(status.getConnection(), from, to, zone.getId()))
                .stream()
                .collect(Collectors.groupingBy(CheckDay::date));
    }

    /// Puts days that have ended since the last evaluated one on the list of those to evaluate.
    void notePastDays() {
        LocalDate today = today();
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    LocalDate last = repository.lastEvaluated(connection);
                    LocalDate from = last == null ? today.minusDays(1) : last.plusDays(1);
                    LocalDate earliest = today.minusDays(DAYS_BACK);
                    repository.addDays(
                            connection,
                            (from.isBefore(earliest) ? earliest : from)
                                    .datesUntil(today.isAfter(from) ? today : from)
                                    .toList());
                    return true;
                });
    }

    /// Evaluates days on the list.
    ///
    /// @param limit of them at most
    /// @return days evaluated
    int evaluateDue(int limit) {
        Instant now = clock.instant();
        List<CheckDayRepository.Due> due =
                transactions.executeRead(
                        status ->
                                repository.due(
                                        status.getConnection(),
                                        today(),
                                        now.minus(AGAIN_AFTER),
                                        limit));
        for (CheckDayRepository.Due day : due) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            evaluate(day);
        }
        return due.size();
    }

    /// Another portal may evaluate the same day: the first to write has its rows, and what equals
    /// the last row of its check is not written. Data that comes meanwhile leaves the day due.
    private void evaluate(CheckDayRepository.Due due) {
        LocalDate day = due.day();
        Period period =
                Period.of(
                        day.atStartOfDay(zone).toInstant(),
                        day.plusDays(1).atStartOfDay(zone).toInstant());
        PeriodCounts of = counts.counts(ALL_AGENTS, period, null);
        List<CheckDay> results =
                checks.evaluate(ALL_AGENTS, period, of).stream()
                        .map(result -> day(day, result))
                        .toList();
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    if (repository.noteEvaluated(connection, due, clock.instant())) {
                        Map<String, CheckDay> last =
                                repository.latest(connection, day, zone.getId());
                        for (CheckDay result : results) {
                            if (!same(result, last.get(result.check()))) {
                                repository.append(connection, result);
                            }
                        }
                    }
                    return true;
                });
    }

    private static boolean same(CheckDay result, @Nullable CheckDay last) {
        return last != null
                && result.verdict() == last.verdict()
                && Objects.equals(result.agents(), last.agents())
                && Objects.equals(result.measured(), last.measured())
                && result.population() == last.population()
                && result.exceptions() == last.exceptions()
                && result.settings().equals(last.settings());
    }

    private CheckDay day(LocalDate day, CheckResult result) {
        return new CheckDay(
                day,
                zone.getId(),
                result.check(),
                result.agents(),
                result.verdict(),
                result.measured(),
                result.warnAt(),
                result.failAt(),
                result.population(),
                result.exceptions(),
                settings.inWords(Objects.requireNonNull(Checks.byId(result.check()))),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                false);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), zone);
    }
}
