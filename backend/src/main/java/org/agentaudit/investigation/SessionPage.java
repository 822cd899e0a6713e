package org.agentaudit.investigation;

import java.time.Instant;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.finding.Finding;
import org.agentaudit.query.Session;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// What was done in a session, over its traces; model of `views/investigation/session.html`.
///
/// @param state       of the worst of its traces that were read, as one of the six shapes
/// @param sentence    what was done, in words
/// @param asked       the event that began it; null when it has none in scope any more
/// @param user        on whose behalf; null when nobody is named, masked for a masked viewer
/// @param calls       tool, skill and external calls
/// @param handoffs    from one agent to another
/// @param interventions of people
/// @param traces      the earliest first, at most [#MOST_TRACES]
/// @param moreTraces  there are others
/// @param parts       the steps of this part of the timeline, in order, by trace
/// @param nextHref    null on the last part
/// @param first       whether the timeline starts with the first step
/// @param masked      the viewer sees no content
public record SessionPage(
        Session session,
        String state,
        String sentence,
        @Nullable AuditEvent asked,
        @Nullable String user,
        long calls,
        long handoffs,
        long interventions,
        List<Trace> traces,
        boolean moreTraces,
        List<Part> parts,
        @Nullable String nextHref,
        boolean first,
        List<Finding> findings,
        boolean moreFindings,
        boolean masked,
        Instant madeAt) {

    static final int MOST_TRACES = 50;

    public SessionPage {
        traces = List.copyOf(traces);
        parts = List.copyOf(parts);
        findings = List.copyOf(findings);
    }

    /// Steps that follow each other in one trace.
    public record Part(String traceId, List<TimelineEntry> steps) {
        public Part {
            steps = List.copyOf(steps);
        }
    }
}
