package org.agentaudit.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/// Persons whose content was erased and must not come back.
public interface ErasedUsers {

    /// Those of the user ids that were erased.
    Set<String> among(Connection connection, Set<String> userIds) throws SQLException;
}
