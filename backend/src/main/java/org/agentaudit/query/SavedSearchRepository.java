package org.agentaudit.query;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.access.Role;

/// Table `saved_search`.
@Singleton
class SavedSearchRepository {

    private final TransactionOperations<Connection> transactions;

    SavedSearchRepository(TransactionOperations<Connection> transactions) {
        this.transactions = transactions;
    }

    /// A person's own, and those shared with one of the roles, by name.
    List<SavedSearch> visible(String owner, Set<Role> roles) {
        return transactions.executeRead(
                status ->
                        QueryRows.list(
                                status.getConnection(),
                                """
                                SELECT id, owner, name, query, roles
                                  FROM saved_search
                                 WHERE owner = ? OR roles && ?
                                 ORDER BY lower(name), id
                                 LIMIT 500
                                """,
                                SavedSearchRepository::read,
                                List.of(owner, names(roles))));
    }

    int countOf(String owner) {
        return transactions.executeRead(
                status ->
                        QueryRows.list(
                                        status.getConnection(),
                                        "SELECT count(*) FROM saved_search WHERE owner = ?",
                                        row -> row.getInt(1),
                                        List.of(owner))
                                .getFirst());
    }

    /// Its number.
    long add(SavedSearch search, Instant now) {
        return transactions.executeWrite(
                status ->
                        QueryRows.list(
                                        status.getConnection(),
                                        """
                                        INSERT INTO saved_search (owner, name, query, roles, created_at)
                                        VALUES (?, ?, ?, ?, ?) RETURNING id
                                        """,
                                        row -> row.getLong(1),
                                        List.of(
                                                search.owner(),
                                                search.name(),
                                                search.query(),
                                                names(search.roles()),
                                                now))
                                .getFirst());
    }

    boolean change(String owner, long id, String name, Set<Role> roles) {
        return update(
                "UPDATE saved_search SET name = ?, roles = ? WHERE owner = ? AND id = ?",
                List.of(name, names(roles), owner, id));
    }

    boolean delete(String owner, long id) {
        return update("DELETE FROM saved_search WHERE owner = ? AND id = ?", List.of(owner, id));
    }

    private boolean update(String sql, List<Object> values) {
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        EventConditions.bind(connection, statement, values);
                        return statement.executeUpdate() > 0;
                    }
                });
    }

    private static String[] names(Set<Role> roles) {
        return roles.stream().map(Role::name).sorted().toArray(String[]::new);
    }

    private static SavedSearch read(ResultSet row) throws SQLException {
        Set<Role> roles =
                Arrays.stream((String[]) row.getArray("roles").getArray())
                        .map(Role::valueOf)
                        .collect(Collectors.toSet());
        return new SavedSearch(
                row.getLong("id"),
                row.getString("owner"),
                row.getString("name"),
                row.getString("query"),
                roles);
    }
}
