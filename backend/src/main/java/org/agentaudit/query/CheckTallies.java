package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Counts what compliance checks ask of whole traces: calls with and without an approval in their
/// trace, and depths of handoffs. Per trace, and added up per quarter hour, so that a check over a
/// month reads sums; these outlive the events.
@Singleton
class CheckTallies implements SettleStep {

    private final CheckTallyRepository repository;

    CheckTallies(CheckTallyRepository repository) {
        this.repository = repository;
    }

    @Override
    public void settle(Connection connection, List<String> traceIds) throws SQLException {
        repository.takeOut(connection, traceIds);
        repository.count(connection, traceIds);
    }
}
