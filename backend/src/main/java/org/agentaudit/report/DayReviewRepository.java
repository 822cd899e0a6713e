package org.agentaudit.report;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.store.EventRow;

/// Who reviewed a day: table `day_review`.
@Singleton
class DayReviewRepository {

    private final TransactionOperations<Connection> transactions;

    DayReviewRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// Newest first.
    List<DailySummary.DayReview> of(LocalDate day) {
        return transactions.executeRead(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection()
                                    .prepareStatement(
                                            """
                                            SELECT at, username, comment
                                              FROM day_review
                                             WHERE day = ?
                                             ORDER BY at DESC, id DESC
                                            """)) {
                        statement.setObject(1, day);
                        List<DailySummary.DayReview> reviews = new ArrayList<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                reviews.add(
                                        new DailySummary.DayReview(
                                                EventRow.instant(rows, "at"),
                                                rows.getString("username"),
                                                rows.getString("comment")));
                            }
                        }
                        return reviews;
                    }
                });
    }

    /// Of the days of [from, to), by day, newest first.
    Map<LocalDate, List<DailySummary.DayReview>> between(LocalDate from, LocalDate to) {
        return transactions.executeRead(
                status -> {
                    try (PreparedStatement statement =
                            status.getConnection()
                                    .prepareStatement(
                                            """
                                            SELECT day, at, username, comment
                                              FROM day_review
                                             WHERE day >= ? AND day < ?
                                             ORDER BY at DESC, id DESC
                                            """)) {
                        statement.setObject(1, from);
                        statement.setObject(2, to);
                        Map<LocalDate, List<DailySummary.DayReview>> reviews = new HashMap<>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                reviews.computeIfAbsent(
                                                rows.getObject("day", LocalDate.class),
                                                _ -> new ArrayList<>())
                                        .add(
                                                new DailySummary.DayReview(
                                                        EventRow.instant(rows, "at"),
                                                        rows.getString("username"),
                                                        rows.getString("comment")));
                            }
                        }
                        return reviews;
                    }
                });
    }

    void insert(Connection connection, LocalDate day, DailySummary.DayReview review)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT INTO day_review (day, at, username, comment) VALUES (?, ?, ?, ?)")) {
            statement.setObject(1, day);
            statement.setObject(2, review.at().atOffset(ZoneOffset.UTC));
            statement.setString(3, review.by());
            statement.setString(4, review.comment());
            statement.executeUpdate();
        }
    }
}
