package org.agentaudit.analysis;

import java.time.Instant;
import java.util.List;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;

/// One trace: outcome, cause, waterfall; model of `views/analysis/trace.html`.
///
/// @param sentence  the outcome in words
/// @param forensics what failed first and what followed
/// @param rows      earliest first
/// @param omitted   events behind the last row
/// @param masked    the viewer sees no content
public record TracePage(
        Trace trace,
        String sentence,
        Forensics forensics,
        List<Row> rows,
        long omitted,
        boolean masked,
        Instant madeAt) {

    /// Units across the waterfall.
    public static final int WIDTH = 1000;

    public TracePage {
        rows = List.copyOf(rows);
    }

    /// Rows that carry everything recorded of their event; the others lead to its page, so that a
    /// long trace stays light.
    public int detailedRows() {
        return 300;
    }

    /// One step on the waterfall.
    ///
    /// @param depth  parents above it, at most 8
    /// @param offset milliseconds since the trace began
    /// @param x      start of its bar, 0 to 1000
    /// @param width  of its bar, never too small to see
    public record Row(TimelineEntry entry, int depth, double offset, String x, String width) {}
}
