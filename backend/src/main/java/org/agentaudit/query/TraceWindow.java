package org.agentaudit.query;

import java.util.List;

/// The events of a trace that an analysis looks at: all of them, or where there are too many the
/// first and the last.
///
/// @param entries in order
/// @param first   how many of them stand before what was left out; all when nothing was
public record TraceWindow(List<TimelineEntry> entries, int first) {

    /// Events read from the beginning of a trace.
    public static final int FIRST = 4_000;

    /// Events read from its end, when it has more.
    public static final int LAST = 1_000;

    /// Characters of each text that are read.
    public static final int TEXT = EventReadRepository.CUT_CHARACTERS;

    public TraceWindow {
        entries = List.copyOf(entries);
    }

    /// All events of a trace.
    public static TraceWindow whole(List<TimelineEntry> entries) {
        return new TraceWindow(entries, entries.size());
    }
}
