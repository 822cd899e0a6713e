package org.agentaudit.alert;

/// Where an alert is between firing and recovery.
public enum AlertState {
    FIRING,
    /// Somebody looks after it; it still fires.
    ACKNOWLEDGED,
    RESOLVED
}
