package org.agentaudit.database;

/// How to reach a database.
public record ConnectionInfo(String jdbcUrl, String username, String password) {

    /// Without the password.
    @Override
    public String toString() {
        return username + " at " + jdbcUrl;
    }
}
