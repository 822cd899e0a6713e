package org.agentaudit.incident;

/// Order of a list of incidents; equal ones by number.
public enum IncidentOrder {
    /// Opened last first.
    OPENED,
    /// Changed last first; one without a change counts from when it was opened.
    CHANGED,
    /// Known longest first.
    AWARE,
    /// Gravest first, of these those opened last.
    SEVERITY;

    /// A number over the alias `i` that falls along the list.
    String key() {
        return switch (this) {
            case OPENED -> micros("i.opened_at");
            case CHANGED -> micros("coalesce(i.changed_at, i.opened_at)");
            case AWARE -> "-" + micros("i.aware_at");
            case SEVERITY ->
                    """
                    (CASE i.severity WHEN 'CRITICAL' THEN 2 WHEN 'WARNING' THEN 1 ELSE 0 END * 100000000000000000
                     + %s)"""
                            .formatted(micros("i.opened_at"));
        };
    }

    private static String micros(String column) {
        return "CAST(extract(epoch FROM " + column + ") * 1000000 AS bigint)";
    }
}
