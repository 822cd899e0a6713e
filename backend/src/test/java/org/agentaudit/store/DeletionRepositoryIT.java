package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletionRepositoryIT implements TestPropertyProvider {

    private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123456Z");

    @Inject TransactionOperations<Connection> transactions;
    @Inject DeletionRepository repository;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @Test
    void record_anyArrivals_areTheBitsOfTheirBatches() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Set<Long> arrivals = new TreeSet<>(List.of(1L << 20, (7L << 20) + 0xFFFFF));
        for (int i = 0; i < 3000; i++) {
            arrivals.add(((long) (2 + random.nextInt(5)) << 20) + random.nextInt(9000));
        }
        DeletionRepository.Recorded recorded = record(arrivals).orElseThrow();
        assertThat(recorded.events()).isEqualTo(arrivals.size());
        assertThat(marked(recorded.id())).as("seed %d", seed).isEqualTo(arrivals);
    }

    @Test
    void record_nothingRemoved_writesNothing() {
        assertThat(record(Set.of())).isEmpty();
    }

    @Test
    void record_twiceInOneTransaction_keepsThemApart() {
        List<Long> ids =
                transactions.executeWrite(
                        status -> {
                            long first =
                                    recordIn(status.getConnection(), Set.of(5L)).orElseThrow().id();
                            long second =
                                    recordIn(status.getConnection(), Set.of(6L)).orElseThrow().id();
                            return List.of(first, second);
                        });
        assertThat(marked(ids.get(0))).containsExactly(5L);
        assertThat(marked(ids.get(1))).containsExactly(6L);
    }

    private Optional<DeletionRepository.Recorded> record(Set<Long> arrivals) {
        return transactions.executeWrite(status -> recordIn(status.getConnection(), arrivals));
    }

    private Optional<DeletionRepository.Recorded> recordIn(
            Connection connection, Set<Long> arrivals) throws SQLException {
        repository.begin(connection);
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO removed_event SELECT a, now() FROM unnest(?) AS u (a)")) {
            insert.setArray(1, connection.createArrayOf("int8", arrivals.toArray()));
            insert.executeUpdate();
        }
        return repository.record(
                connection,
                new Deletion(AT, Deletion.Kind.EVENT, "event-expiry", "too old", null, "a.zst"));
    }

    private Set<Long> marked(long deletion) {
        return transactions.executeRead(
                status -> {
                    Map<Long, byte[]> rows = new HashMap<>();
                    try (Statement statement = status.getConnection().createStatement();
                            ResultSet row =
                                    statement.executeQuery(
                                            "SELECT batch_number, positions FROM deletion_leaf"
                                                    + " WHERE deletion_id = "
                                                    + deletion)) {
                        while (row.next()) {
                            rows.put(row.getLong(1), row.getBytes(2));
                        }
                    }
                    Set<Long> arrivals = new TreeSet<>();
                    rows.forEach(
                            (batch, bits) ->
                                    BitSet.valueOf(bits).stream()
                                            .forEach(p -> arrivals.add((batch << 20) + p)));
                    return arrivals;
                });
    }
}
