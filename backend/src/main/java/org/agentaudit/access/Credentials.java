package org.agentaudit.access;

/// A user name with its password in clear, to be shown once.
public record Credentials(String username, String password, Role role) {}
