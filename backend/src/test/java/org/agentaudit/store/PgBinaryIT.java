package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.agentaudit.TestDatabase;
import org.agentaudit.event.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is written in binary form comes back as the same values.
class PgBinaryIT {
    private static final List<@Nullable String> TEXTS =
            Arrays.asList(null, "", "plain", "tab\tline\nback\\slash \\N", "Prüfe 顧客 📊", "\u007f");
    private static final List<@Nullable Instant> TIMES =
            Arrays.asList(
                    null,
                    Instant.parse("0001-01-01T00:00:00Z"),
                    Instant.parse("1969-12-31T23:59:59.999999Z"),
                    Instant.parse("1999-12-31T23:59:59.000001Z"),
                    Instant.parse("2000-01-01T00:00:00Z"),
                    Instant.parse("2026-11-21T12:34:56.789012Z"),
                    Instant.parse("9999-12-31T23:59:59.999999Z"));

    private static List<@Nullable BigDecimal> numbers() {
        List<@Nullable BigDecimal> numbers = new ArrayList<>();
        numbers.add(null);
        for (String text :
                List.of(
                        "0",
                        "0.00",
                        "1",
                        "-1",
                        "9999",
                        "10000",
                        "10001",
                        "0.0045566",
                        "0.00001",
                        "-123456789.000100",
                        "1E+20",
                        "99999999999999999999.99999999999999999999",
                        "1E-30",
                        "1E+308",
                        "100000000")) {
            numbers.add(new BigDecimal(text));
        }
        Random random = new Random(11);
        for (int i = 0; i < 500; i++) {
            numbers.add(
                    new BigDecimal(
                            new java.math.BigInteger(random.nextInt(120), random),
                            random.nextInt(40) - 5));
        }
        return numbers;
    }

    @Test
    void copy_givesBackEveryValue() throws Exception {
        Random random = new Random(12);
        List<@Nullable BigDecimal> numbers = numbers();
        List<Object[]> sent = new ArrayList<>();
        try (Connection connection = TestDatabase.create().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE t (i integer, a uuid, b text, c timestamptz, d bigint, e integer, f double precision,
                                    g boolean, h numeric, j bytea, k text, l tsvector)
                    """);
            CopyRows rows = new CopyRows(connection, "COPY t FROM STDIN (FORMAT binary)");
            for (int i = 0; i < numbers.size(); i++) {
                Object[] row = {
                    i % 7 == 0 ? null : new UUID(random.nextLong(), random.nextLong()),
                    TEXTS.get(i % TEXTS.size()),
                    TIMES.get(i % TIMES.size()),
                    i % 5 == 0 ? null : random.nextLong(),
                    i % 6 == 0 ? null : random.nextInt(),
                    i % 4 == 0 ? null : random.nextGaussian() * Math.pow(10, random.nextInt(300)),
                    i % 3 == 0 ? null : random.nextBoolean(),
                    numbers.get(i),
                    i % 9 == 0 ? null : new byte[] {0, (byte) i, -1},
                };
                sent.add(row);
                rows.add((Integer) i)
                        .add((UUID) row[0])
                        .add((String) row[1])
                        .add((Instant) row[2])
                        .add((Long) row[3])
                        .add((Integer) row[4])
                        .add((Double) row[5])
                        .add((Boolean) row[6])
                        .add((BigDecimal) row[7])
                        .add((byte[]) row[8])
                        .add(Outcome.SUCCESS)
                        .words(List.of("b", "c" + i, "zz顧"))
                        .endRow();
            }
            assertThat(rows.finish()).isEqualTo(sent.size());
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT a, b, c, d, e, f, g, h, j, k, CAST(l AS text), i FROM t ORDER BY i")) {
                for (Object[] values : sent) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getObject(1)).isEqualTo(values[0]);
                    assertThat(row.getString(2)).isEqualTo(values[1]);
                    assertThat(instant(row)).isEqualTo(values[2]);
                    assertThat(row.getObject(4)).isEqualTo(values[3]);
                    assertThat(row.getObject(5)).isEqualTo(values[4]);
                    assertThat(row.getObject(6)).isEqualTo(values[5]);
                    assertThat(row.getObject(7)).isEqualTo(values[6]);
                    assertThat(row.getBigDecimal(8)).isEqualTo(plain((BigDecimal) values[7]));
                    assertThat(row.getBytes(9)).isEqualTo(values[8]);
                    assertThat(row.getString(10)).isEqualTo("SUCCESS");
                    assertThat(row.getString(11)).isEqualTo("'b' 'c" + row.getInt(12) + "' 'zz顧'");
                }
            }
        }
    }

    @Test
    void arrays_giveBackEveryValue() throws SQLException {
        List<UUID> ids = List.of(new UUID(1, -1), new UUID(-1, 1));
        List<byte[]> bytes = List.of(new byte[0], new byte[] {1, 0, -1});
        try (Connection connection = TestDatabase.create().connect();
                PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT CAST(? AS text[]), CAST(? AS timestamptz[]), CAST(? AS bigint[]), CAST(? AS smallint[]),
                                       CAST(? AS boolean[]), CAST(? AS uuid[]), CAST(? AS bytea[]), CAST(? AS text[])
                                """)) {
            List<@Nullable Long> longs = Arrays.asList(Long.MIN_VALUE, null, 0L, Long.MAX_VALUE);
            statement.setArray(1, PgArrays.texts(connection, TEXTS, text -> text));
            statement.setArray(2, PgArrays.times(connection, TIMES, time -> time));
            statement.setArray(3, PgArrays.longs(connection, longs, number -> number));
            statement.setArray(4, PgArrays.smallints(connection, List.of(1, -2), n -> n));
            statement.setArray(5, PgArrays.booleans(connection, List.of(true, false), b -> b));
            statement.setArray(6, PgArrays.uuids(connection, ids, id -> id));
            statement.setArray(7, PgArrays.bytes(connection, bytes, b -> b));
            statement.setArray(
                    8, PgArrays.texts(connection, Collections.<String>emptyList(), text -> text));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                assertThat((Object[]) value(row, 1)).containsExactlyElementsOf(TEXTS);
                assertThat(((Object[]) value(row, 2)).length).isEqualTo(TIMES.size());
                assertThat((Object[]) value(row, 3)).containsExactlyElementsOf(longs);
                assertThat(row.getString(4)).isEqualTo("{1,-2}");
                assertThat(row.getString(5)).isEqualTo("{t,f}");
                assertThat((Object[]) value(row, 6)).containsExactlyElementsOf(ids);
                assertThat(row.getString(7)).isEqualTo("{\"\\\\x\",\"\\\\x0100ff\"}");
                assertThat(row.getString(8)).isEqualTo("{}");
            }
        }
    }

    @Test
    void words_ofHostileText_areStored() throws Exception {
        SearchWords words = new SearchWords();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6_000; i++) {
            // four bytes each in UTF-8, and sorted by code point otherwise than by UTF-16 unit
            text.append(" ").append("𒀀".repeat(60)).append(i).append(" ﬓx").append(i);
        }
        words.addText(text.toString());
        try (Connection connection = TestDatabase.create().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (l tsvector)");
            CopyRows rows = new CopyRows(connection, "COPY t FROM STDIN (FORMAT binary)");
            rows.words(words.sorted()).endRow();
            rows.finish();
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT length(l), l = CAST(CAST(l AS text) AS tsvector) FROM t")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(words.sorted().size()).isPositive();
                assertThat(row.getBoolean(2)).isTrue();
            }
        }
    }

    private static @Nullable BigDecimal plain(@Nullable BigDecimal number) {
        return number == null || number.scale() >= 0 ? number : number.setScale(0);
    }

    private static @Nullable Instant instant(ResultSet row) throws SQLException {
        OffsetDateTime time = row.getObject(3, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static Object value(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array.getArray();
    }
}
