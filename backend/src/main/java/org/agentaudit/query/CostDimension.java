package org.agentaudit.query;

/// What a cost report has a row for.
public enum CostDimension {
    MODEL,
    AGENT,
    /// Calendar days in the report time zone.
    DAY,
    TASK,
    SESSION,
    USER
}
