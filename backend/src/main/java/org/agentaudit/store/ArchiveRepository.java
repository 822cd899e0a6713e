package org.agentaudit.store;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.agentaudit.event.Envelope;
import org.agentaudit.proof.ArchiveHeader;
import org.agentaudit.proof.ArchiveReader;
import org.agentaudit.proof.ArchiveRecord;
import org.agentaudit.proof.ArchiveWriter;
import org.agentaudit.proof.ContentParts;
import org.agentaudit.proof.Prover;

/// Writes events that are about to go to an archive, and finds out what of an archive the store
/// still knows.
@Singleton
public class ArchiveRepository {

    private static final int FETCH_SIZE = 500;

    /// Archives every event that `removed_event` names (see [DeletionRepository#begin]) and that is
    /// still stored; to be called before they are removed, in the same transaction. Commit only
    /// after the file is on disk for good.
    ///
    /// @param out    closed at the end
    /// @param portal version of the portal
    /// @return events written; 0: nothing was written, and `out` was not touched
    /// @throws TamperedException when an event does not match its leaf: evidence of tampering must
    ///     not be removed
    public long write(Connection connection, OutputStream out, String portal)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL extra_float_digits = 1");
            ArchiveHeader header;
            try (ResultSet row =
                    statement.executeQuery(
                            """
                            SELECT count(*), min(e.occurred_at) AS earliest, max(e.occurred_at) AS latest
                              FROM removed_event r
                              JOIN audit_event e USING (occurred_at, arrival)
                            """)) {
                row.next();
                if (row.getLong(1) == 0) {
                    return 0;
                }
                header =
                        new ArchiveHeader(
                                portal,
                                EventRow.instant(row, "earliest"),
                                EventRow.instant(row, "latest"),
                                row.getLong(1));
            }
            try (ArchiveWriter archive = new ArchiveWriter(out, header)) {
                writeAll(connection, archive);
                archive.finish();
            }
            return header.events();
        }
    }

    private static void writeAll(Connection connection, ArchiveWriter archive)
            throws SQLException, IOException {
        Prover prover = new Prover();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT "
                                + EventRow.ENVELOPE_COLUMNS
                                + ", "
                                + EventRow.CONTENT_COLUMNS
                                + ", "
                                + EventRow.PROOF_COLUMNS
                                + """
                                , c.event_id IS NOT NULL AS has_content, k.digest, k.redaction_rules,
                                       e.arrival >> 20 >= p.batch_number AS covered,
                                       substr(b.leaves, CAST((e.arrival & 1048575) * 32 + 1 AS integer), 32) AS leaf
                                  FROM removed_event r
                                  JOIN audit_event e USING (occurred_at, arrival)
                                  LEFT JOIN event_content c
                                    ON c.trace_id = e.trace_id AND c.occurred_at = e.occurred_at
                                   AND c.event_id = e.event_id
                                  LEFT JOIN event_key k ON k.event_id = e.event_id
                                  LEFT JOIN leaf_batch b ON b.batch_number = e.arrival >> 20
                                 CROSS JOIN proof_start p
                                 ORDER BY e.arrival
                                """)) {
            statement.setFetchSize(FETCH_SIZE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    archive.write(record(row, prover));
                }
            }
        }
    }

    private static ArchiveRecord record(ResultSet row, Prover prover) throws SQLException {
        Envelope envelope = EventRow.readEnvelope(row);
        byte[] commitments = row.getBytes("commitments");
        byte[] salt = row.getBytes("salt");
        ContentParts parts = row.getBoolean("has_content") ? EventRow.readParts(row) : null;
        byte[] leaf = row.getBytes("leaf");
        if (row.getBoolean("covered")
                && (!Arrays.equals(leaf, prover.leaf(envelope, commitments))
                        || parts != null && !prover.changed(salt, parts, commitments).isEmpty())) {
            throw new TamperedException(envelope.arrival(), envelope.id());
        }
        byte[] digest = row.getBytes("digest");
        return new ArchiveRecord(
                envelope,
                commitments,
                parts,
                salt,
                leaf,
                digest == null ? new byte[0] : digest,
                row.getInt("redaction_rules"));
    }

    /// Whether every event of an archive is stored, with the leaf it has there: then nothing is
    /// lost without the archive.
    ///
    /// @param in taken over: closed at the end
    /// @return false also when the archive does not verify
    public boolean allStored(Connection connection, InputStream in)
            throws SQLException, IOException {
        try (ArchiveReader archive = new ArchiveReader(in)) {
            List<ArchiveRecord> records = new ArrayList<>();
            for (ArchiveReader.Line line = archive.next(); line != null; line = archive.next()) {
                ArchiveRecord record = line.record();
                if (record == null || line.problem() != null) {
                    return false;
                }
                records.add(record);
                if (records.size() == FETCH_SIZE) {
                    if (stored(connection, records) < records.size()) {
                        return false;
                    }
                    records.clear();
                }
            }
            return stored(connection, records) == records.size();
        }
    }

    private static long stored(Connection connection, List<ArchiveRecord> records)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT count(*)
                          FROM unnest(CAST(? AS uuid[]), CAST(? AS bytea[])) AS a (event_id, leaf)
                          JOIN event_key k USING (event_id)
                          JOIN audit_event e USING (trace_id, occurred_at, event_id)
                          LEFT JOIN leaf_batch b ON b.batch_number = e.arrival >> 20
                         WHERE substr(b.leaves, CAST((e.arrival & 1048575) * 32 + 1 AS integer), 32)
                               IS NOT DISTINCT FROM a.leaf
                        """)) {
            statement.setArray(
                    1, array(connection, "uuid", records.stream().map(r -> r.envelope().id())));
            byte[][] leaves = records.stream().map(ArchiveRecord::leaf).toArray(byte[][]::new);
            statement.setArray(2, connection.createArrayOf("bytea", leaves));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// Those of the events that were removed from this very store, so that its counters and settled
    /// tables still hold them: their former place is marked as removed, and the leaf there is
    /// theirs.
    Set<UUID> counted(Connection connection, List<ArchiveRecord> records) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT a.event_id
                          FROM unnest(CAST(? AS uuid[]), CAST(? AS bigint[]), CAST(? AS bytea[]))
                               AS a (event_id, arrival, leaf)
                          LEFT JOIN leaf_batch b ON b.batch_number = a.arrival >> 20
                         WHERE substr(b.leaves, CAST((a.arrival & 1048575) * 32 + 1 AS integer), 32)
                               IS NOT DISTINCT FROM a.leaf
                           AND EXISTS (SELECT
                                         FROM deletion_leaf l
                                         JOIN deletion d ON d.id = l.deletion_id
                                        WHERE l.batch_number = a.arrival >> 20
                                          AND d.kind = 'EVENT'
                                          AND CASE WHEN length(l.positions) * 8 > (a.arrival & 1048575)
                                                   THEN get_bit(l.positions, a.arrival & 1048575) = 1
                                                   ELSE false END)
                        """)) {
            statement.setArray(
                    1, array(connection, "uuid", records.stream().map(r -> r.envelope().id())));
            statement.setArray(
                    2,
                    array(connection, "int8", records.stream().map(r -> r.envelope().arrival())));
            byte[][] leaves = records.stream().map(ArchiveRecord::leaf).toArray(byte[][]::new);
            statement.setArray(3, connection.createArrayOf("bytea", leaves));
            Set<UUID> counted = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counted.add(rows.getObject(1, UUID.class));
                }
            }
            return counted;
        }
    }

    /// Marks the batches of the events, all of which counters and reports still count.
    void markRestored(Connection connection, Collection<UUID> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO restored_batch (batch_number)
                        SELECT DISTINCT e.arrival >> 20
                          FROM event_key k
                          JOIN audit_event e USING (trace_id, occurred_at, event_id)
                         WHERE k.event_id = ANY (?)
                        """)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            statement.executeUpdate();
        }
    }

    /// Names events in `removed_event`.
    void name(Connection connection, Collection<UUID> ids) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        INSERT INTO removed_event (arrival, occurred_at)
                        SELECT e.arrival, e.occurred_at
                          FROM event_key k
                          JOIN audit_event e USING (trace_id, occurred_at, event_id)
                         WHERE k.event_id = ANY (?)
                        """)) {
            statement.setArray(1, connection.createArrayOf("uuid", ids.toArray()));
            statement.executeUpdate();
        }
    }

    private static Array array(Connection connection, String type, Stream<?> values)
            throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }
}
