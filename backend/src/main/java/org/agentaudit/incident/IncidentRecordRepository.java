package org.agentaudit.incident;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.agentaudit.store.EventRow;
import org.agentaudit.store.Rows;

/// Tables `incident_step` and `incident_report`: what was done about an incident.
@Singleton
class IncidentRecordRepository {

    private static final int MOST = 1_000;

    void addStep(Connection connection, long incident, IncidentStep step) throws SQLException {
        Rows.update(
                connection,
                "INSERT INTO incident_step (incident_id, at, actor, what) VALUES (?, ?, ?, ?)",
                incident,
                step.at(),
                step.actor(),
                step.what());
    }

    /// The latest, oldest first.
    List<IncidentStep> steps(Connection connection, long incident) throws SQLException {
        return Rows.list(
                        connection,
                        """
                        SELECT at, actor, what FROM incident_step WHERE incident_id = ? ORDER BY id DESC LIMIT ?
                        """,
                        row ->
                                new IncidentStep(
                                        EventRow.instant(row, "at"),
                                        row.getString("actor"),
                                        row.getString("what")),
                        incident,
                        MOST)
                .reversed();
    }

    void addReport(Connection connection, long incident, IncidentVersion version)
            throws SQLException {
        Rows.update(
                connection,
                """
                INSERT INTO incident_report (report_id, incident_id, format, made_at, made_by) VALUES (?, ?, ?, ?, ?)
                """,
                version.reportId(),
                incident,
                version.format(),
                version.madeAt(),
                version.madeBy());
    }

    /// The latest, newest first.
    List<IncidentVersion> reports(Connection connection, long incident) throws SQLException {
        return Rows.list(
                connection,
                """
                SELECT report_id, format, made_at, made_by
                  FROM incident_report
                 WHERE incident_id = ?
                 ORDER BY made_at DESC, report_id
                 LIMIT ?
                """,
                row ->
                        new IncidentVersion(
                                row.getObject("report_id", UUID.class),
                                row.getString("format"),
                                EventRow.instant(row, "made_at"),
                                row.getString("made_by")),
                incident,
                MOST);
    }
}
