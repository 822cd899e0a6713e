package org.agentaudit.bench;

import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/// Does at once what PostgreSQL's background does in time.
@Singleton
class MaintenanceRepository {

    private final DataSource dataSource;

    MaintenanceRepository(DataSource dataSource) {
        this.dataSource = DelegatingDataSource.unwrapDataSource(dataSource);
    }

    /// Cleans all tables and gathers their statistics.
    void vacuum() {
        // the pool's own connection: VACUUM runs in no transaction
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("VACUUM (ANALYZE)");
        } catch (SQLException e) {
            throw new IllegalStateException("VACUUM failed", e);
        }
    }
}
