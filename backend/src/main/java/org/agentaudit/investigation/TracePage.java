package org.agentaudit.investigation;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.finding.Finding;
import org.agentaudit.incident.Incident;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// One trace: outcome, cause, waterfall, graph; model of `views/investigation/trace.html`.
///
/// @param sentence  the outcome in words
/// @param forensics what failed first and what followed
/// @param unread    events behind the last one that was read for the waterfall and the graph
/// @param findings  about this trace, newest first, at most [#MOST_FINDINGS]
/// @param moreFindings there are others
/// @param sessions  ids of the sessions its events belong to, at most [#MOST_SESSIONS]
/// @param incidents opened on it, newest first, at most [#MOST_INCIDENTS]
/// @param form      of a new incident; null for a viewer who opens none
/// @param masked    the viewer sees no content
public record TracePage(
        Trace trace,
        String sentence,
        Forensics forensics,
        Waterfall waterfall,
        AgentGraph graph,
        long unread,
        List<Finding> findings,
        boolean moreFindings,
        List<String> sessions,
        List<Incident> incidents,
        @Nullable IncidentForm form,
        boolean masked,
        Instant madeAt) {

    static final int MOST_FINDINGS = 20;
    static final int MOST_SESSIONS = 10;
    static final int MOST_INCIDENTS = 20;

    public TracePage {
        findings = List.copyOf(findings);
        sessions = List.copyOf(sessions);
        incidents = List.copyOf(incidents);
    }

    /// What was typed to open an incident.
    ///
    /// @param problem why it was not opened; null when nothing was tried
    public record IncidentForm(String title, String severity, @Nullable String problem) {}
}
