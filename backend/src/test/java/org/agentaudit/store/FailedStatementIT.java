package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Exceptions of the database reach the log, so they must not quote rows.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailedStatementIT implements TestPropertyProvider {
    @Inject TransactionOperations<Connection> transactions;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @Test
    void exception_doesNotQuoteTheRow() {
        Throwable failure =
                catchThrowable(
                        () ->
                                transactions.executeWrite(
                                        status -> {
                                            try (Statement statement =
                                                    status.getConnection().createStatement()) {
                                                return statement.execute(
                                                        "INSERT INTO trace_link VALUES ('none', 'sec' || 'ret', 't')");
                                            }
                                        }));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).contains("trace_link").doesNotContain("secret");
    }
}
