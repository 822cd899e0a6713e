package org.agentaudit.verify;

import static org.agentaudit.verify.StoreFixture.column;
import static org.agentaudit.verify.StoreFixture.execute;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.agentaudit.TestDatabase;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.TraceSettler;
import org.agentaudit.store.DeletionRepository;
import org.agentaudit.store.EventStore;
import org.agentaudit.verify.Difference.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whoever changes the tables directly is found, and the place is named (TE6). Each case is a
/// transaction that is rolled back.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TamperIT implements TestPropertyProvider {

    private static final int PLACES = Integer.getInteger("tamper.places", 3);
    /// Counters of which no event was removed.
    private static final String RECOUNTABLE = " WHERE quarter > '2026-03-30T03:15:00Z'";

    private static final String COPY_OF_EVENT =
            """
            INSERT INTO audit_event
            SELECT (r).*
              FROM (SELECT jsonb_populate_record(e, jsonb_build_object('event_id', ?, 'arrival', ?)) AS r
                      FROM audit_event e WHERE arrival = ?) r
            """;

    @Inject EventStore store;
    @Inject DeletionRepository deletions;
    @Inject StoreVerifier verifier;
    @Inject TraceSettler settler;
    @Inject TransactionOperations<Connection> transactions;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @BeforeAll
    void fill() throws Exception {
        StoreFixture.fill(store, random);
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    StoreFixture.removeContents(
                            connection, deletions, "e.occurred_at < '2026-03-30T09:00:00Z'");
                    StoreFixture.removeEvents(
                            connection, deletions, "e.occurred_at < '2026-03-30T03:00:00Z'");
                    return true;
                });
        settler.settle(null, null);
    }

    /// What is tampered with: finds its victims, changes them and tells where.
    enum Tampering {
        ENVELOPE(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.flipColumn(
                        c,
                        "audit_event",
                        "column_name NOT IN ('arrival', 'commitments', 'event_id', 'trace_id', 'occurred_at')");
            }
        },
        ENVELOPE_KEY(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.flipColumn(
                        c, "audit_event", "column_name IN ('event_id', 'trace_id', 'occurred_at')");
            }
        },
        COLUMN_WITHOUT_MEANING(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "event_type <> 'HANDOFF'");
                execute(c, "UPDATE audit_event SET handoff_to = 'me' WHERE arrival = ?", arrival);
                return arrival;
            }
        },
        UNREADABLE(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "true");
                String set =
                        test.one(
                                List.of(
                                        "resources = '[null]'",
                                        "event_type = 'NOTHING'",
                                        "confidence = 'NaN'",
                                        "cost_usd = 'NaN'",
                                        "input_tokens = -1, output_tokens = 0, cached_tokens = 0",
                                        "received_at = 'infinity'",
                                        "redactions = '[{\"pointer\":1'"));
                execute(c, "UPDATE audit_event SET " + set + " WHERE arrival = ?", arrival);
                return arrival;
            }
        },
        CONTENT(Kind.CONTENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.flipColumn(
                        c,
                        "event_content",
                        "column_name NOT IN ('words', 'salt', 'event_id', 'trace_id', 'occurred_at')");
            }
        },
        CONTENT_REMOVED(Kind.CONTENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victimContent(c, "params");
                execute(c, CONTENT_OF.formatted("params = NULL"), arrival);
                return arrival;
            }
        },
        SALT(Kind.CONTENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.flipColumn(c, "event_content", "column_name = 'salt'");
            }
        },
        COMMITMENTS(Kind.COMMITMENTS_CHANGED, Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.flipColumn(c, "audit_event", "column_name = 'commitments'");
            }
        },
        LEAF(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "true");
                int bit = (int) (arrival & 0xFFFFF) * 256 + test.random.nextInt(256);
                execute(
                        c,
                        "UPDATE leaf_batch SET leaves = set_bit(leaves, ?, 1 - get_bit(leaves, ?))"
                                + " WHERE batch_number = ?",
                        bit,
                        bit,
                        arrival >> 20);
                return arrival;
            }
        },
        SWAP(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long a = test.victim(c, "true");
                Long b = test.victim(c, "arrival <> " + a);
                execute(
                        c,
                        "UPDATE audit_event SET arrival = CASE arrival WHEN ? THEN CAST(? AS bigint) ELSE ? END"
                                + " WHERE arrival IN (?, ?)",
                        a,
                        b,
                        a,
                        a,
                        b);
                return Math.min(a, b);
            }
        },
        DELETE_FIRST(Kind.EVENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.delete(c, "arrival & 1048575 = 0");
            }
        },
        DELETE_MIDDLE(Kind.EVENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.delete(c, "true");
            }
        },
        DELETE_LAST(Kind.EVENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.delete(
                        c,
                        "arrival IN (SELECT max(arrival) FROM audit_event GROUP BY arrival >> 20)");
            }
        },
        DELETE_BATCH(Kind.EVENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                long batch = test.victim(c, "true") >> 20;
                return test.deleteAll(c, "arrival >> 20 = " + batch);
            }
        },
        DELETE_TAIL(Kind.EVENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                return test.deleteAll(c, "arrival >= " + test.victim(c, "true"));
            }
        },
        /// All traces but the counters are gone: there is no place left to name.
        DELETE_BATCH_WITH_ITS_LEAVES(Kind.COUNTER_WRONG, Kind.DELETION_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                String recountable = "occurred_at > '2026-03-30T03:15:00Z'";
                long batch = test.victim(c, recountable) >> 20;
                execute(c, "DELETE FROM deletion_leaf WHERE batch_number = ?", batch);
                test.deleteAll(c, "arrival >> 20 = " + batch);
                execute(c, "DELETE FROM leaf_batch WHERE batch_number = ?", batch);
                return null;
            }
        },
        INSERT(Kind.EVENT_ADDED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long from = test.victim(c, "true");
                long to = ((from >> 20) << 20) + 500;
                execute(c, COPY_OF_EVENT, UUID.randomUUID(), to, from);
                return to;
            }
        },
        /// A leaf and a key are made as well: only the counters do not know it.
        INSERT_WITH_LEAF(Kind.COUNTER_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long from = test.victim(c, "occurred_at > '2026-03-30T03:15:00Z'");
                test.insertWithLeaf(c, from);
                return null;
            }
        },
        DUPLICATE_ARRIVAL(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long at = test.victim(c, "true");
                Long from = test.victim(c, "arrival <> " + at);
                execute(c, COPY_OF_EVENT, UUID.randomUUID(), at, from);
                return at;
            }
        },
        MOVE_TIME(Kind.EVENT_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "true");
                Object id = test.idAt(c, arrival);
                for (String table : List.of("audit_event", "event_content", "event_key")) {
                    execute(
                            c,
                            "UPDATE "
                                    + table
                                    + " SET occurred_at = occurred_at + interval '1 second' WHERE event_id = ?",
                            id);
                }
                return arrival;
            }
        },
        MOVE_POSITION(Kind.EVENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "true");
                execute(
                        c,
                        "UPDATE audit_event SET arrival = arrival + 100000 WHERE arrival = ?",
                        arrival);
                return arrival;
            }
        },
        LEAVES_MISSING(Kind.EVENT_ADDED, Kind.DELETION_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                long batch = test.victim(c, "true") >> 20;
                execute(c, "DELETE FROM leaf_batch WHERE batch_number = ?", batch);
                return batch << 20;
            }
        },
        LEAVES_CUT(Kind.EVENT_ADDED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long last =
                        test.victim(
                                c,
                                "arrival IN (SELECT max(arrival) FROM audit_event WHERE occurred_at >"
                                        + " '2026-03-30T09:00:00Z' GROUP BY arrival >> 20) AND arrival >> 20 NOT IN"
                                        + " (SELECT batch_number FROM deletion_leaf)");
                execute(
                        c,
                        "UPDATE leaf_batch SET leaves = substr(leaves, 1, length(leaves) - 32)"
                                + " WHERE batch_number = ?",
                        last >> 20);
                return last;
            }
        },
        KEY_DELETED(Kind.KEY_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "true");
                execute(c, "DELETE FROM event_key WHERE event_id = ?", test.idAt(c, arrival));
                return arrival;
            }
        },
        KEY_CHANGED(Kind.KEY_CHANGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "true");
                execute(
                        c,
                        "UPDATE event_key SET trace_id = 'x' WHERE event_id = ?",
                        test.idAt(c, arrival));
                return arrival;
            }
        },
        KEY_INSERTED(Kind.KEY_ALONE) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                execute(
                        c,
                        "INSERT INTO event_key VALUES (?, 't', now(), '', 1)",
                        UUID.randomUUID());
                return null;
            }
        },
        CONTENT_DELETED(Kind.CONTENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "occurred_at > '2026-03-30T09:00:00Z'");
                execute(c, "DELETE FROM event_content WHERE event_id = ?", test.idAt(c, arrival));
                return arrival;
            }
        },
        CONTENT_INSERTED(Kind.CONTENT_ALONE) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                execute(
                        c,
                        "INSERT INTO event_content (trace_id, occurred_at, event_id)"
                                + " VALUES ('t', '2026-03-31T00:00:00Z', ?)",
                        UUID.randomUUID());
                return null;
            }
        },
        CONTENT_RESTORED(Kind.CONTENT_KEPT) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival = test.victim(c, "occurred_at < '2026-03-30T09:00:00Z'");
                execute(
                        c,
                        "INSERT INTO event_content (trace_id, occurred_at, event_id)"
                                + " SELECT trace_id, occurred_at, event_id FROM audit_event WHERE arrival = ?",
                        arrival);
                return arrival;
            }
        },
        DELETION_FORGOTTEN(Kind.EVENT_MISSING, Kind.CONTENT_MISSING) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                long batch = (Long) test.one(column(c, "SELECT batch_number FROM deletion_leaf"));
                execute(c, "DELETE FROM deletion_leaf WHERE batch_number = ?", batch);
                return batch << 20;
            }
        },
        DELETION_FORGED(Kind.EVENT_KEPT) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                Long arrival =
                        test.victim(
                                c,
                                "arrival >> 20 IN (SELECT batch_number FROM deletion_leaf l JOIN deletion d"
                                        + " ON d.id = l.deletion_id WHERE kind = 'EVENT' AND"
                                        + " length(positions) * 8 > arrival & 1048575)");
                execute(
                        c,
                        "UPDATE deletion_leaf l SET positions = set_bit(positions, CAST(? & 1048575 AS bigint), 1)"
                                + " FROM deletion d WHERE d.id = l.deletion_id AND kind = 'EVENT'"
                                + " AND batch_number = ?",
                        arrival,
                        arrival >> 20);
                return arrival;
            }
        },
        COUNTER(Kind.COUNTER_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                test.flipCounter(c);
                return null;
            }
        },
        SEQUENCE_DELETED(Kind.COUNTER_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                test.deleteCounter(c, "rollup_sequence");
                return null;
            }
        },
        SETTLED_COUNTER(Kind.COUNTER_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                test.changeSettled(c);
                return null;
            }
        },
        REQUESTS(Kind.COUNTER_WRONG) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                // wherever they are by now
                execute(c, "UPDATE request_open SET costed = costed + 1");
                execute(
                        c,
                        "UPDATE rollup_request SET costed = costed + 1 WHERE dimension = 'MODEL'");
                return null;
            }
        },
        START_OF_LEAVES(Kind.LEAVES_DAMAGED) {
            @Override
            Long change(TamperIT test, Connection c) throws SQLException {
                execute(c, "UPDATE proof_start SET batch_number = batch_number + 3");
                return (Long)
                        column(c, "SELECT min(batch_number) << 20 FROM leaf_batch").getFirst();
            }
        };

        static final String CONTENT_OF =
                "UPDATE event_content SET %s WHERE event_id ="
                        + " (SELECT event_id FROM audit_event WHERE arrival = ?)";

        private final List<Kind> kinds;

        Tampering(Kind... kinds) {
            this.kinds = List.of(kinds);
        }

        /// The lowest place that must be named; null when there is none.
        abstract Long change(TamperIT test, Connection connection) throws SQLException;
    }

    @Test
    void untouchedStore_isVerified() {
        Verification result = verifier.verify((events, done) -> {});
        assertThat(result.first()).as("seed %d", seed).isEmpty();
        assertThat(result.passed()).isTrue();
        assertThat(result.events() + result.removedEvents())
                .isEqualTo(StoreFixture.RANDOM_EVENTS + StoreFixture.HOSTILE_EVENTS);
        assertThat(result.removedEvents()).isPositive();
        assertThat(result.removedContents()).isPositive();
        assertThat(result.uncovered()).isZero();
        assertThat(result.quarters()).isPositive();
        assertThat(result.skippedQuarters()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void tampering_isFoundAtItsPlace(Tampering tampering) {
        for (int i = 0; i < PLACES; i++) {
            transactions.executeWrite(
                    status -> {
                        status.setRollbackOnly();
                        Connection connection = status.getConnection();
                        Long expected = tampering.change(this, connection);
                        Verification result = verifier.verify(connection, (events, done) -> {});
                        String what =
                                "seed %d: %s at %s: %s"
                                        .formatted(seed, tampering, expected, result.first());
                        assertThat(result.passed()).as(what).isFalse();
                        assertThat(result.counts().keySet())
                                .as(what)
                                .containsAnyElementsOf(tampering.kinds);
                        Difference first = result.first().getFirst();
                        if (expected == null) {
                            assertThat(first.kind()).as(what).isIn(tampering.kinds);
                        } else {
                            assertThat(first.batch()).as(what).isEqualTo(expected >> 20);
                            if (first.position() != null && (expected & 0xFFFFF) != 0) {
                                assertThat((long) first.position())
                                        .as(what)
                                        .isEqualTo(expected & 0xFFFFF);
                            }
                        }
                        return true;
                    });
        }
    }

    private Long victim(Connection c, String where) throws SQLException {
        return (Long) one(column(c, "SELECT arrival FROM audit_event WHERE " + where));
    }

    private Long victimContent(Connection c, String column) throws SQLException {
        return (Long)
                one(
                        column(
                                c,
                                "SELECT arrival FROM audit_event JOIN event_content x USING (event_id) WHERE x."
                                        + column
                                        + " IS NOT NULL"));
    }

    private Object idAt(Connection c, Long arrival) throws SQLException {
        return column(c, "SELECT event_id FROM audit_event WHERE arrival = " + arrival).getFirst();
    }

    /// Changes one bit of a random column of a random row that has a value there.
    private Long flipColumn(Connection c, String table, String columns) throws SQLException {
        while (true) {
            String name =
                    (String)
                            one(
                                    column(
                                            c,
                                            "SELECT column_name FROM information_schema.columns WHERE table_name = '%s' AND %s"
                                                    .formatted(table, columns)));
            List<Object> victims =
                    column(
                            c,
                            "SELECT e.arrival FROM audit_event e LEFT JOIN event_content c USING (event_id) WHERE "
                                    + (table.equals("audit_event") ? "e." : "c.")
                                    + name
                                    + " IS NOT NULL");
            if (victims.isEmpty()) {
                continue;
            }
            Long arrival = (Long) one(victims);
            Object id = idAt(c, arrival);
            Object before =
                    column(c, "SELECT %s FROM %s WHERE event_id = '%s'".formatted(name, table, id))
                            .getFirst();
            Object after = flip(before);
            if (after == null) {
                continue;
            }
            execute(c, "UPDATE " + table + " SET " + name + " = ? WHERE event_id = ?", after, id);
            return arrival;
        }
    }

    /// Null when there is no bit to flip.
    private Object flip(Object value) {
        int bit = random.nextInt(16);
        return switch (value) {
            case String text -> flip(text);
            case Long number -> number ^ (1L << bit);
            case Integer number -> number ^ (1 << bit);
            case Double number ->
                    Double.longBitsToDouble(
                            Double.doubleToLongBits(number) ^ (1L << random.nextInt(63)));
            case Boolean flag -> !flag;
            case BigDecimal number -> number.add(number.ulp());
            case UUID id ->
                    new UUID(
                            id.getMostSignificantBits() ^ (1L << bit),
                            id.getLeastSignificantBits());
            case Timestamp at -> Timestamp.from(at.toInstant().plusNanos(1000));
            case byte[] bytes -> {
                byte[] changed = bytes.clone();
                changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                yield changed;
            }
            default -> throw new AssertionError(value.getClass());
        };
    }

    private String flip(String text) {
        if (text.isEmpty()) {
            return null;
        }
        int at = random.nextInt(text.length());
        char changed = (char) (text.charAt(at) ^ 1);
        boolean storable = changed != 0 && !Character.isSurrogate(text.charAt(at));
        return storable ? text.substring(0, at) + changed + text.substring(at + 1) : null;
    }

    private void flipCounter(Connection c) throws SQLException {
        String table =
                one(List.of("rollup_event", "rollup_error", "rollup_producer", "rollup_handoff"));
        if (random.nextInt(3) == 0) {
            deleteCounter(c, table);
            return;
        }
        Object row = one(column(c, "SELECT ctid FROM " + table + RECOUNTABLE));
        String at = " WHERE ctid = CAST('" + row + "' AS tid)";
        String name =
                (String)
                        one(
                                column(
                                        c,
                                        "SELECT column_name FROM information_schema.columns WHERE table_name = '"
                                                + table
                                                + "' AND data_type IN ('bigint', 'numeric')"));
        execute(c, "UPDATE %s SET %s = coalesce(%s, 0) + 1%s".formatted(table, name, name, at));
    }

    private void changeSettled(Connection c) throws SQLException {
        String table = one(List.of("rollup_call", "rollup_message", "trace_call"));
        Object row = one(column(c, "SELECT ctid FROM " + table));
        String at = " WHERE ctid = CAST('" + row + "' AS tid)";
        if (table.equals("trace_call") || random.nextBoolean()) {
            execute(c, "DELETE FROM " + table + at);
        } else {
            String name =
                    table.equals("rollup_message")
                            ? "errors"
                            : one(List.of("calls", "errors", "successes", "partials", "timed"));
            execute(c, "UPDATE %1$s SET %2$s = %2$s + 1%3$s".formatted(table, name, at));
        }
    }

    private void deleteCounter(Connection c, String table) throws SQLException {
        Object row = one(column(c, "SELECT ctid FROM " + table + RECOUNTABLE));
        execute(c, "DELETE FROM " + table + " WHERE ctid = CAST('" + row + "' AS tid)");
    }

    private Long delete(Connection c, String where) throws SQLException {
        return deleteAll(c, "arrival = " + victim(c, where));
    }

    /// Deletes events with content and key.
    private Long deleteAll(Connection c, String where) throws SQLException {
        Long first =
                (Long) column(c, "SELECT min(arrival) FROM audit_event WHERE " + where).getFirst();
        for (String table : List.of("event_content", "event_key", "audit_event")) {
            execute(
                    c,
                    "DELETE FROM %s WHERE event_id IN (SELECT event_id FROM audit_event WHERE %s)"
                            .formatted(table, where));
        }
        return first;
    }

    /// What an attacker who knows the format would do.
    private void insertWithLeaf(Connection c, Long from) throws SQLException {
        UUID id = UUID.randomUUID();
        long batch = from >> 20;
        long to =
                (Long)
                        column(
                                        c,
                                        "SELECT CAST(length(leaves) / 32 + ("
                                                + batch
                                                + " << 20) AS bigint) FROM leaf_batch WHERE batch_number = "
                                                + batch)
                                .getFirst();
        execute(c, COPY_OF_EVENT, id, to, from);
        execute(c, "UPDATE audit_event SET commitments = NULL WHERE event_id = ?", id);
        execute(
                c,
                "INSERT INTO event_content (trace_id, occurred_at, event_id)"
                        + " SELECT trace_id, occurred_at, event_id FROM audit_event WHERE event_id = ?",
                id);
        execute(
                c,
                "INSERT INTO event_key SELECT event_id, trace_id, occurred_at, '', 1 FROM audit_event"
                        + " WHERE event_id = ?",
                id);
        byte[][] leaf = new byte[1][];
        new VerifyRepository()
                .events(
                        c,
                        Instant.EPOCH,
                        Instant.parse("2100-01-01T00:00:00Z"),
                        row -> {
                            if (row.id().equals(id)) {
                                leaf[0] = new Prover().leaf(row.event().envelope(), null);
                            }
                        });
        execute(
                c,
                "UPDATE leaf_batch SET leaves = leaves || ? WHERE batch_number = ?",
                leaf[0],
                batch);
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
