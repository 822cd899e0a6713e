package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.agentaudit.TestDatabase;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.PGConnection;
import org.slf4j.LoggerFactory;

/// Exceptions of the database reach the log, so they must not quote rows.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailedStatementIT implements TestPropertyProvider {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    @Inject TransactionOperations<Connection> transactions;
    @Inject EventStore store;

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
        assertThat(trace(failure)).contains("trace_link").doesNotContain("secret");
    }

    @Test
    void exceptionOfCopy_doesNotQuoteTheLine() {
        Throwable failure =
                catchThrowable(
                        () ->
                                transactions.executeWrite(
                                        status ->
                                                status.getConnection()
                                                        .unwrap(PGConnection.class)
                                                        .getCopyAPI()
                                                        .copyIn(
                                                                "COPY trace_link FROM STDIN",
                                                                new StringReader(
                                                                        "task\tsecret\n"))));
        assertThat(trace(failure)).contains("missing data").doesNotContain("secret");
    }

    /// From the store to the log.
    @Test
    void failedCommit_isLoggedWithoutTheContentOfItsEvents() throws Exception {
        AuditEvent event =
                EventBuilder.event("e", START, EventType.TOOL_CALL, "secret-agent", "secret-act")
                        .trace("secret-trace")
                        .params("{\"p\":\"secret\"}")
                        .build();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        execute("ALTER TABLE event_content ADD CONSTRAINT broken CHECK (params IS NULL)");
        root.addAppender(log);
        try {
            CompletableFuture<List<AppendResult>> answer =
                    store.append(
                            List.of(new NewEvent(event, new byte[32], 1, new Prover())), List.of());
            assertThat(trace(catchThrowable(answer::get))).doesNotContain("secret");
        } finally {
            root.detachAppender(log);
            execute("ALTER TABLE event_content DROP CONSTRAINT broken");
        }
        assertThat(log.list)
                .isNotEmpty()
                .allSatisfy(
                        entry ->
                                assertThat(
                                                entry.getFormattedMessage()
                                                        + ThrowableProxyUtil.asString(
                                                                entry.getThrowableProxy()))
                                        .doesNotContain("secret"));
    }

    private void execute(String sql) {
        transactions.executeWrite(
                status -> {
                    try (Statement statement = status.getConnection().createStatement()) {
                        return statement.execute(sql);
                    }
                });
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }
}
