package org.agentaudit.bench;

import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postgresql.PGConnection;

/// Copies of the tables that have a row for each event, with the same partitions and indexes, and
/// plain COPY into them.
@Singleton
class CopyRepository {
    private static final String SCHEMA = "bench_copy";

    /// A table with a row for each event.
    enum Copied {
        AUDIT_EVENT("SELECT e.* FROM audit_event e WHERE e.arrival > %d ORDER BY e.arrival"),
        EVENT_CONTENT(
                "SELECT c.* FROM event_content c JOIN audit_event e USING (trace_id, occurred_at, event_id)"
                        + " WHERE e.arrival > %d ORDER BY e.arrival"),
        EVENT_KEY(
                "SELECT k.* FROM event_key k JOIN audit_event e USING (event_id)"
                        + " WHERE e.arrival > %d ORDER BY e.arrival");

        private final String rows;

        Copied(String rows) {
            this.rows = rows;
        }

        String table() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What the database counts of itself since it was started.
    ///
    /// @param commits transactions of this database
    /// @param walBytes written to the log, by everybody
    record Counters(long commits, long walBytes) {}

    /// Whether the store has no event.
    boolean isEmpty(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM (SELECT FROM event_key LIMIT 1) k") == 0;
    }

    /// Arrival of the last event; 0 without any.
    long lastArrival(Connection connection) throws SQLException {
        return number(connection, "SELECT coalesce(max(arrival), 0) FROM audit_event");
    }

    /// Events that arrived since.
    long arrivedAfter(Connection connection, long arrival) throws SQLException {
        return number(connection, "SELECT count(*) FROM audit_event WHERE arrival > " + arrival);
    }

    /// Traces whose derived data is behind.
    long unsettled(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM trace_touched");
    }

    /// Process id of our connection's server process.
    long backend(Connection connection) throws SQLException {
        return number(connection, "SELECT pg_backend_pid()");
    }

    Counters counters(Connection connection) throws SQLException {
        return new Counters(
                number(
                        connection,
                        "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"),
                number(connection, "SELECT pg_current_wal_insert_lsn() - '0/0'"));
    }

    /// Brings the planner's figures up to date, so that reading the rows back takes seconds.
    void analyze(Connection connection) throws SQLException {
        execute(connection, "ANALYZE audit_event, event_content, event_key");
    }

    /// Makes the empty copies.
    void create(Connection connection) throws SQLException {
        drop(connection);
        execute(connection, "CREATE SCHEMA " + SCHEMA);
        for (Copied copied : Copied.values()) {
            execute(
                    connection,
                    "CREATE TABLE %s.%s (LIKE public.%s INCLUDING ALL)%s"
                            .formatted(
                                    SCHEMA,
                                    copied.table(),
                                    copied.table(),
                                    copied == Copied.EVENT_KEY
                                            ? ""
                                            : " PARTITION BY RANGE (occurred_at)"));
        }
    }

    /// Makes the partitions that the tables have and their copies have not.
    void partition(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                """
                                SELECT format('CREATE TABLE %I.%I PARTITION OF %I.%I %s', s.name, c.relname, s.name, p.relname,
                                              pg_get_expr(c.relpartbound, c.oid))
                                  FROM pg_inherits i
                                  JOIN pg_class c ON c.oid = i.inhrelid
                                  JOIN pg_class p ON p.oid = i.inhparent
                                 CROSS JOIN (SELECT CAST(? AS text) AS name) s
                                 WHERE p.oid IN (to_regclass('public.audit_event'), to_regclass('public.event_content'))
                                   AND to_regclass(format('%I.%I', s.name, c.relname)) IS NULL
                                """);
                ResultSet rows = query(query, SCHEMA)) {
            while (rows.next()) {
                statements.add(rows.getString(1));
            }
        }
        for (String statement : statements) {
            execute(connection, statement);
        }
    }

    void drop(Connection connection) throws SQLException {
        execute(connection, "DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
    }

    /// Writes the rows that arrived since in COPY's text format, in order of arrival.
    ///
    /// @param batch rows in a piece
    void read(Connection connection, Copied copied, long arrival, int batch, PieceFile to)
            throws SQLException, IOException {
        RowCutter cutter = new RowCutter(to, batch);
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + copied.rows.formatted(arrival) + ") TO STDOUT", cutter);
        cutter.end();
        to.done();
    }

    /// Loads prepared rows. The caller commits.
    void load(Connection connection, Copied copied, byte[] rows) throws SQLException, IOException {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "COPY " + SCHEMA + "." + copied.table() + " FROM STDIN",
                        new ByteArrayInputStream(rows),
                        1 << 16);
    }

    /// Cuts rows into pieces: the driver hands over one row at a time.
    private static final class RowCutter extends OutputStream {
        private final PieceFile to;
        private final int batch;
        private int rows;

        RowCutter(PieceFile to, int batch) {
            this.to = to;
            this.batch = batch;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            to.write(bytes, from, length);
            if (length > 0 && bytes[from + length - 1] == '\n' && ++rows % batch == 0) {
                to.cut();
            }
        }

        void end() {
            if (rows % batch != 0) {
                to.cut();
            }
        }
    }

    private static ResultSet query(PreparedStatement statement, String parameter)
            throws SQLException {
        statement.setString(1, parameter);
        return statement.executeQuery();
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
