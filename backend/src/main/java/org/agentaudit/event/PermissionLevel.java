package org.agentaudit.event;

/// What the agent was allowed to do when it acted.
public enum PermissionLevel {
    READONLY,
    READ_WRITE,
    ADMIN
}
