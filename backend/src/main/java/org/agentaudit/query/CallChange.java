package org.agentaudit.query;

import java.math.BigDecimal;
import java.time.Instant;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;

/// By what a row of `rollup_call` changes: calls that came and calls that went. A call that changed
/// went and came.
final class CallChange {

    /// What `rollup_call` counts by.
    record Key(RollupSpan span, Instant start, String agentId, EventType type, String action) {
        static Key of(RollupSpan span, TraceCall call) {
            return new Key(
                    span,
                    span.startOf(call.occurredAt()),
                    call.agentId(),
                    call.type(),
                    call.action());
        }
    }

    long calls;
    long errors;
    long successes;
    long failures;
    long partials;
    long unpaired;
    long timed;
    /// Milliseconds, exactly: it is added to and taken from for years.
    BigDecimal sumMs = BigDecimal.ZERO;

    final Latencies came = new Latencies();
    final Latencies went = new Latencies();

    void add(TraceCall call) {
        count(call, 1);
        if (call.durationMs() != null) {
            came.add(call.durationMs());
        }
    }

    void remove(TraceCall call) {
        count(call, -1);
        if (call.durationMs() != null) {
            went.add(call.durationMs());
        }
    }

    private void count(TraceCall call, int by) {
        calls += by;
        boolean failed = call.outcome() == Outcome.FAILURE;
        errors += failed && call.type() == EventType.TOOL_CALL ? by : 0;
        successes += call.outcome() == Outcome.SUCCESS ? by : 0;
        failures += failed ? by : 0;
        partials += call.outcome() == Outcome.PARTIAL ? by : 0;
        unpaired += call.unpaired() ? by : 0;
        Double duration = call.durationMs();
        if (duration != null) {
            timed += by;
            BigDecimal ms = BigDecimal.valueOf(duration);
            sumMs = by > 0 ? sumMs.add(ms) : sumMs.subtract(ms);
        }
    }
}
