package org.agentaudit.query;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micronaut.context.ApplicationContext;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.agentaudit.MovedClock;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.AppendResult;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What producers claim never keeps the traces of others from being settled and counted.
class SettleIT {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final Period DAY = Period.of(START, START.plus(Duration.ofDays(1)));
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    private final TestDatabase.Fresh database = TestDatabase.create();
    private final MovedClock clock = new MovedClock(START);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("org.agentaudit.query");
    private ApplicationContext context;

    @BeforeEach
    void start() {
        Map<String, Object> properties = new HashMap<>(database.properties());
        context = ApplicationContext.builder().properties(properties).singletons(clock).start();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        context.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.MIN_VALUE, 1e-320, 1e-7, 3_155_760_000_000d, Double.MAX_VALUE})
    void settle_anyStoredDuration_isSettledAndRead(double ms) throws Exception {
        store(run("one", "a").ms(ms), run("two", "b").ms(5));
        context.getBean(TraceSettler.class).settle(null, null);
        assertThat(texts("SELECT trace_id FROM trace_touched")).isEmpty();
        assertThat(texts("SELECT trace_id FROM agent_run ORDER BY 1"))
                .containsExactly("one", "two");
        assertThat(context.getBean(TraceQuery.class).byId(OFFICER, "one")).isPresent();
        assertThat(context.getBean(CountsQuery.class).runs(OFFICER, DAY, null)).hasSize(2);
        assertThat(log.list).isEmpty();
    }

    @Test
    void settle_oneTraceFails_othersAreSettledAndItIsTriedAgainLater() throws Exception {
        execute("ALTER TABLE agent_run ADD CONSTRAINT broken CHECK (agent_id <> 'bad')");
        List<EventBuilder> events = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            events.add(run("t" + i, "a"));
        }
        events.add(run("worst\nINFO forged <b>", "bad"));
        store(events.toArray(EventBuilder[]::new));
        CountsQuery counts = context.getBean(CountsQuery.class);
        assertThat(counts.runs(OFFICER, DAY, null).get("a").invocations()).isEqualTo(250);
        assertThat(texts("SELECT trace_id FROM trace_touched"))
                .containsExactly("worst\nINFO forged <b>");
        context.getBean(TraceSettler.class).settle(null, null);
        assertThat(log.list).hasSize(1);
        assertThat(log.list.getFirst().getFormattedMessage())
                .contains("worst?INFO?forged??b? (SQLSTATE 23514)")
                .doesNotContain("\n");

        execute("ALTER TABLE agent_run DROP CONSTRAINT broken");
        assertThat(counts.runs(OFFICER, DAY, null)).doesNotContainKey("bad");
        clock.now = START.plus(Duration.ofMinutes(1));
        assertThat(counts.runs(OFFICER, DAY, null).get("bad").invocations()).isEqualTo(1);
        assertThat(texts("SELECT trace_id FROM trace_touched")).isEmpty();
    }

    @Test
    void counts_moreTokensThanANumberHolds_stopAtTheLargest() throws Exception {
        for (int i = 0; i < 3; i++) {
            store(
                    run("one", "a" + i % 2, "x" + i).tokens(Long.MAX_VALUE, 1, 0),
                    run("one", "a" + i % 2, "y" + i).tokens(Long.MAX_VALUE, 1, 0));
        }
        TokenCounts tokens = context.getBean(CountsQuery.class).counts(OFFICER, DAY, null).tokens();
        assertThat(tokens).isEqualTo(new TokenCounts(Long.MAX_VALUE, 6, 0));
        assertThat(tokens.total()).isEqualTo(Long.MAX_VALUE);
        assertThat(context.getBean(TraceQuery.class).byId(OFFICER, "one").orElseThrow().tokens())
                .isEqualTo(tokens);
    }

    private static EventBuilder run(String trace, String agent) {
        return run(trace, agent, trace);
    }

    private static EventBuilder run(String trace, String agent, String name) {
        return event(name, START, EventType.INVOCATION, agent, "work").trace(trace);
    }

    private void store(EventBuilder... events) throws InterruptedException, ExecutionException {
        List<NewEvent> made =
                Stream.of(events).map(EventBuilder::build).map(SettleIT::made).toList();
        assertThat(context.getBean(EventStore.class).append(made, List.of()).get())
                .containsOnly(AppendResult.STORED);
    }

    private static NewEvent made(AuditEvent event) {
        byte[] digest =
                event.envelope().id().toString().substring(0, 32).getBytes(StandardCharsets.UTF_8);
        return new NewEvent(event, digest, 1, new Prover());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
