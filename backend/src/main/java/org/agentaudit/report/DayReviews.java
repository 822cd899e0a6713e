package org.agentaudit.report;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Confirmations that someone examined a day (NIST SP 800-53 AU-6, PCI DSS 10.4.1).
@Singleton
public class DayReviews {

    static final int MAXIMUM_COMMENT = 2_000;

    private static final int FIRST_YEAR = 1999;

    private final TransactionOperations<Connection> transactions;
    private final DayReviewRepository repository;
    private final AccessLog accessLog;
    private final ReportConfig config;
    private final Clock clock;

    DayReviews(
            TransactionOperations<Connection> transactions,
            DayReviewRepository repository,
            AccessLog accessLog,
            ReportConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.config = config;
        this.clock = clock;
    }

    /// Who examined the days of [from, to), by day, newest first; days nobody did are absent.
    public Map<LocalDate, List<DailySummary.DayReview>> between(
            Viewer viewer, LocalDate from, LocalDate to) {
        viewer.requireReader();
        return repository.between(from, to);
    }

    /// Keeps that the viewer examined a day. A day may be reviewed several times, also by the same
    /// person; it appears in the day's summary and in the access log, by the same commit.
    ///
    /// @param day     in the report time zone, today at the latest
    /// @param comment at most [#MAXIMUM_COMMENT] characters; blank is none
    public DailySummary.DayReview review(Viewer viewer, LocalDate day, @Nullable String comment) {
        if (!viewer.has(Role.COMPLIANCE_OFFICER)) {
            throw new AccessDeniedException("Reviewing a day needs the role COMPLIANCE_OFFICER.");
        }
        LocalDate today = LocalDate.ofInstant(clock.instant(), config.timeZone());
        if (day.isAfter(today) || day.getYear() < FIRST_YEAR) {
            throw new BadInputException(
                    "'date' must be a day that has begun, %s or before.".formatted(today));
        }
        String text = comment == null || comment.isBlank() ? null : comment.strip();
        if (text != null && text.codePointCount(0, text.length()) > MAXIMUM_COMMENT) {
            throw new BadInputException(
                    "'comment' has more than %,d characters.".formatted(MAXIMUM_COMMENT));
        }
        DailySummary.DayReview review =
                new DailySummary.DayReview(
                        clock.instant().truncatedTo(ChronoUnit.MICROS), viewer.username(), text);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    repository.insert(connection, day, review);
                    accessLog.append(
                            connection, viewer, AccessAction.DAY_REVIEWED, "day " + day, null);
                    return review;
                });
    }
}
