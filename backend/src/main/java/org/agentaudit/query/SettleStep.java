package org.agentaudit.query;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Works something out that needs whole traces, such as calls with their results, sessions or
/// findings. All beans of this type run, by their `@Order`, in the transaction that settles the
/// traces and after their runs and gaps are written, so that what they write always fits the
/// events. A trace comes again whenever it gets another event: a step replaces what it wrote for it
/// before, and adds nothing twice. One transaction settles at a time, of all portals on the
/// database.
public interface SettleStep {

    /// @param traceIds traces whose events have all been stored so far; at most a few hundred
    /// @throws SQLException when a statement fails; the traces are tried again later
    void settle(Connection connection, List<String> traceIds) throws SQLException;
}
