package org.agentaudit.analysis;

import java.time.Instant;
import java.util.List;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.web.Format;

/// Makes the [TracePage] of a trace.
final class TracePages {

    private TracePages() {}

    static TracePage of(
            Trace trace,
            List<TimelineEntry> timeline,
            Forensics forensics,
            boolean masked,
            Instant now,
            Format format) {
        return new TracePage(
                trace,
                sentence(trace, format),
                forensics,
                Waterfall.of(trace, timeline),
                Math.max(0, trace.eventCount() - timeline.size()),
                masked,
                now);
    }

    private static String sentence(Trace trace, Format format) {
        String how =
                switch (trace.outcome()) {
                    case SUCCESS -> "Succeeded";
                    case FAILURE -> "Failed";
                    case PARTIAL -> "Succeeded in part";
                    case PENDING -> "Still pending";
                    case UNKNOWN -> "Ended without a stated outcome";
                };
        return how
                + " after "
                + format.duration(trace.durationMs())
                + ": "
                + format.count(trace.eventCount(), "event", "events")
                + " of "
                + format.count(trace.agentIds().size(), "agent", "agents")
                + ", "
                + format.count(trace.errorCount())
                + " errored.";
    }
}
