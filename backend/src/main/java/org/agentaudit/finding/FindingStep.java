package org.agentaudit.finding;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.agentaudit.query.SettleStep;

/// Puts what is settled on the work list of findings, so that settling before a report stays quick.
@Singleton
final class FindingStep implements SettleStep {
    private final FindingWorkRepository repository;

    FindingStep(FindingWorkRepository repository) {
        this.repository = repository;
    }

    @Override
    public void settle(Connection connection, List<String> traceIds) throws SQLException {
        repository.tracesDue(connection, traceIds);
    }
}
