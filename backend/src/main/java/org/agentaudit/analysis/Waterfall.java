package org.agentaudit.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.event.Envelope;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// Places the steps of a trace on a common time axis.
final class Waterfall {

    private static final int MAXIMUM_DEPTH = 8;
    private static final double NARROWEST = 3;

    private Waterfall() {}

    static List<TracePage.Row> of(Trace trace, List<TimelineEntry> timeline) {
        Map<UUID, Envelope> byId = new HashMap<>();
        for (TimelineEntry entry : timeline) {
            byId.put(entry.event().envelope().id(), entry.event().envelope());
        }
        double whole = Math.max(trace.durationMs(), 1e-3);
        List<TracePage.Row> rows = new ArrayList<>();
        for (TimelineEntry entry : timeline) {
            Envelope event = entry.event().envelope();
            double offset = millis(trace.startedAt(), event.occurredAt());
            Double duration = event.durationMs();
            double width = duration == null ? 0 : duration / whole * TracePage.WIDTH;
            double shown = Math.clamp(width, NARROWEST, TracePage.WIDTH);
            double x = Math.clamp(offset / whole * TracePage.WIDTH, 0, TracePage.WIDTH - shown);
            rows.add(
                    new TracePage.Row(entry, depth(event, byId), offset, number(x), number(shown)));
        }
        return rows;
    }

    /// Counts named parents upwards; a circle ends at the limit.
    private static int depth(Envelope event, Map<UUID, Envelope> byId) {
        int depth = 0;
        Envelope parent = parent(event, byId);
        while (parent != null && depth < MAXIMUM_DEPTH) {
            depth++;
            parent = parent(parent, byId);
        }
        return depth;
    }

    private static @Nullable Envelope parent(Envelope event, Map<UUID, Envelope> byId) {
        UUID parent = event.parentEventId();
        return parent == null || parent.equals(event.id()) ? null : byId.get(parent);
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static String number(double value) {
        return Double.toString(Math.round(value * 10) / 10.0);
    }
}
