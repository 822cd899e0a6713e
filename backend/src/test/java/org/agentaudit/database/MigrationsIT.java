package org.agentaudit.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.context.ApplicationContext;
import io.micronaut.core.type.Argument;
import io.micronaut.transaction.TransactionOperations;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.Test;

class MigrationsIT {

    @Test
    void migration_isSilentForLongerThanOtherStatementsMayBe() {
        Map<String, Object> settings = new HashMap<>(TestDatabase.create().properties());
        settings.put("portal.background", "false");
        settings.put("datasources.default.data-source-properties.socketTimeout", "1");
        settings.put("flyway.datasources.default.locations", "classpath:db/slow");
        settings.put("flyway.datasources.default.table", "slow_history");
        settings.put("flyway.datasources.default.baseline-on-migrate", "true");
        settings.put("flyway.datasources.default.baseline-version", "0");
        try (ApplicationContext portal = ApplicationContext.run(settings)) {
            TransactionOperations<Connection> transactions =
                    portal.getBean(Argument.of(TransactionOperations.class, Connection.class));
            assertThat(rows(transactions, "SELECT slow FROM slow_table")).isTrue();
            assertThatThrownBy(() -> rows(transactions, "SELECT pg_sleep(2)"))
                    // the pool closes a connection that was silent for too long
                    .hasStackTraceContaining("Connection is closed");
        }
    }

    private static boolean rows(TransactionOperations<Connection> transactions, String sql) {
        return transactions.executeRead(
                status -> {
                    try (var statement = status.getConnection().createStatement();
                            var rows = statement.executeQuery(sql)) {
                        return rows.next();
                    }
                });
    }
}
