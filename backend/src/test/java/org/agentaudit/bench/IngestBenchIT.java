package org.agentaudit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestBenchIT {
    private static final String KEY = "aap_configured-for-tests";

    @Test
    void run_sendsAndCopiesTheSameRows_andLeavesNoCopies(@TempDir Path folder) throws Exception {
        TestDatabase.Fresh database = TestDatabase.create();
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", Files.createTempDirectory(folder, "data").toString());
        properties.put("portal.ingest-key", KEY);
        try (EmbeddedServer server =
                ApplicationContext.builder().properties(properties).run(EmbeddedServer.class)) {
            IngestBench bench = server.getApplicationContext().getBean(IngestBench.class);
            assertThat(bench.storeIsEmpty()).isTrue();

            BenchReport report =
                    bench.run(
                            new IngestBench.Plan(
                                    URI.create("http://localhost:" + server.getPort()),
                                    KEY,
                                    true,
                                    7,
                                    2_500,
                                    200,
                                    3,
                                    1,
                                    2,
                                    400,
                                    null,
                                    120,
                                    10,
                                    400,
                                    folder),
                            progress -> {});

            assertThat(bench.storeIsEmpty()).isFalse();
            assertThat(report.rounds())
                    .hasSize(2)
                    .allSatisfy(
                            round -> {
                                assertThat(round.failures()).isEmpty();
                                assertThat(round.errors()).isZero();
                                assertThat(round.ingest()).isPositive();
                                assertThat(round.copy()).isPositive();
                                assertThat(round.ratio()).isEqualTo(round.ingest() / round.copy());
                                assertThat(round.p50Millis())
                                        .isPositive()
                                        .isLessThanOrEqualTo(round.p99Millis());
                            });
            BenchReport.Singles singles = report.singles();
            assertThat(singles).isNotNull();
            assertThat(singles.errors()).as(singles.failures().toString()).isZero();
            assertThat(singles.p99Millis()).isPositive();
            assertThat(report.peakHeap()).isPositive().isLessThanOrEqualTo(report.maxHeap());
            assertThat(number(database, "SELECT count(*) FROM audit_event")).isEqualTo(5_520);
            assertThat(
                            number(
                                    database,
                                    "SELECT count(*) FROM pg_namespace WHERE nspname = 'bench_copy'"))
                    .isZero();
        }
        assertThat(folder.toFile().listFiles((d, name) -> name.startsWith("bench-"))).isEmpty();
    }

    @Test
    void copies_haveAsManyPartitionsAndIndexes(@TempDir Path folder) throws Exception {
        TestDatabase.Fresh database = TestDatabase.create();
        Map<String, Object> properties = new HashMap<>(database.properties());
        properties.put("portal.data-dir", folder.toString());
        try (ApplicationContext context =
                        ApplicationContext.builder().properties(properties).start();
                Connection connection = database.connect()) {
            CopyRepository repository = context.getBean(CopyRepository.class);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT ensure_partition(DATE '2026-03-01')");
            }
            repository.create(connection);
            repository.partition(connection);
            String shape =
                    """
                    SELECT count(*)
                      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                     WHERE c.relname IN ('audit_event_2026_03', 'event_content_2026_03', 'event_key')
                       AND c.relnamespace = CAST('%s' AS regnamespace)
                    """;
            assertThat(number(database, shape.formatted("bench_copy")))
                    .isEqualTo(number(database, shape.formatted("public")))
                    .isGreaterThan(8);
        }
    }

    private static long number(TestDatabase.Fresh database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
