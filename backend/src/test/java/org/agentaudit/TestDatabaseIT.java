package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestDatabaseIT implements TestPropertyProvider {
    @Inject TransactionOperations<Connection> transactions;
    @Inject EmbeddedServer server;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @Test
    void properties_startThePortalOnAMigratedDatabase() {
        assertThat(server.isRunning()).isTrue();
        transactions.executeRead(
                status -> {
                    try (Statement statement = status.getConnection().createStatement();
                            ResultSet rows =
                                    statement.executeQuery(
                                            "SELECT current_user,"
                                                    + " to_regclass('flyway_schema_history') IS NOT"
                                                    + " NULL")) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getString(1)).isEqualTo("portal");
                        assertThat(rows.getBoolean(2)).isTrue();
                    }
                    return null;
                });
    }
}
