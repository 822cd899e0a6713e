package org.agentaudit.access;

/// What an access log entry records.
public enum AccessAction {
    SIGN_IN,
    SIGN_IN_FAILED,
    SIGN_OUT,
    REPORT_VIEWED,
    CONTENT_REVEALED,
    EXPORTED,
    SETTINGS_CHANGED,
    QUARANTINE_RETRIED,
    QUARANTINE_DELETED,
    INCIDENT_OPENED,
    INCIDENT_CHANGED,
    DAY_REVIEWED,
    REPORT_SENT
}
