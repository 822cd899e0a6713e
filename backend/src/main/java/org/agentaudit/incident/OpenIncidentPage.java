package org.agentaudit.incident;

import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// The form that opens an incident; model of `views/incident/open.html`.
///
/// @param trace   trace id, empty while nobody gave one
/// @param from    what it is opened from, in words; null for a trace alone
/// @param awareAt since when somebody knows, as typed
/// @param alert   number of the alert, or empty
/// @param finding id of the finding, or empty
/// @param problem why it was not opened; null when nobody tried
public record OpenIncidentPage(
        String trace,
        String title,
        Severity severity,
        String awareAt,
        String alert,
        String finding,
        @Nullable String from,
        @Nullable String problem,
        String zone) {

    public Severity[] severities() {
        return Severity.values();
    }
}
