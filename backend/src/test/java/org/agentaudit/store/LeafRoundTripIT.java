package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agentaudit.TestDatabase;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.proof.HostileEnvelopes;
import org.agentaudit.proof.Prover;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A leaf made from an event must be made again from its rows, for every event that can be stored.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeafRoundTripIT implements TestPropertyProvider {

    private static final Instant START = Instant.parse("2026-02-27T00:00:00Z");
    private static final Duration SPAN = Duration.ofDays(4);
    private static final int EVENTS = 3_000;

    @Inject EventStore store;
    @Inject TransactionOperations<Connection> transactions;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @Test
    void append_hostileEvents_leavesAreRecomputedFromTheRows() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        HostileEnvelopes envelopes = new HostileEnvelopes(random);
        Prover prover = new Prover();
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            long micros = random.nextLong(SPAN.toNanos() / 1000);
            AuditEvent event = envelopes.next(START.plusNanos(micros * 1000));
            events.add(new NewEvent(event, new byte[32], 1, prover));
        }
        for (int i = 0; i < EVENTS; i += 500) {
            assertThat(store.append(events.subList(i, i + 500), List.of()).get())
                    .as("seed %d", seed)
                    .containsOnly(AppendResult.STORED);
        }

        Map<Long, byte[]> batches = new HashMap<>();
        int[] rows = new int[1];
        transactions.executeRead(
                status -> {
                    Statement statement = status.getConnection().createStatement();
                    try (ResultSet row =
                            statement.executeQuery("SELECT batch_number, leaves FROM leaf_batch")) {
                        while (row.next()) {
                            batches.put(row.getLong(1), row.getBytes(2));
                        }
                    }
                    try (ResultSet row =
                            statement.executeQuery(
                                    "SELECT "
                                            + EventRow.ENVELOPE_COLUMNS
                                            + ", "
                                            + EventRow.CONTENT_COLUMNS
                                            + ", "
                                            + EventRow.PROOF_COLUMNS
                                            + " FROM audit_event e JOIN event_content c USING (event_id)")) {
                        while (row.next()) {
                            rows[0]++;
                            AuditEvent event = EventRow.read(row);
                            long arrival = event.envelope().arrival();
                            byte[] commitments = row.getBytes("commitments");
                            int at = (int) (arrival & 0xFFFFF) * 32;
                            byte[] leaf =
                                    Arrays.copyOfRange(batches.get(arrival >> 20), at, at + 32);
                            assertThat(prover.leaf(event.envelope(), commitments))
                                    .as("seed %d: %s", seed, event)
                                    .isEqualTo(leaf);
                            assertThat(
                                            prover.changed(
                                                    row.getBytes("salt"),
                                                    EventRow.readParts(row),
                                                    commitments))
                                    .as("seed %d: %s", seed, event)
                                    .isEmpty();
                        }
                    }
                    return true;
                });
        assertThat(rows[0]).isEqualTo(EVENTS);
        assertThat(batches.values().stream().mapToInt(leaves -> leaves.length).sum())
                .isEqualTo(EVENTS * 32);
    }
}
