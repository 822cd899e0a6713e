package org.agentaudit.query;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.jspecify.annotations.Nullable;

/// How each step of a trace stands (metrics "Timeline status").
public final class TimelineStatuses {

    private static final int TEXT_CODE_POINTS = 200;
    private static final Set<EventType> CALLS =
            EnumSet.of(EventType.TOOL_CALL, EventType.SKILL_CALL, EventType.EXTERNAL_CALL);

    private TimelineStatuses() {}

    /// The events with their status, in the order given.
    ///
    /// @param events  as the viewer may see them: the texts are built from them
    /// @param pairing of the whole trace, also of events the viewer does not see
    public static List<TimelineEntry> of(List<AuditEvent> events, CallPairing pairing) {
        return events.stream().map(event -> entry(event, pairing)).toList();
    }

    private static TimelineEntry entry(AuditEvent event, CallPairing pairing) {
        TimelineStatus status = status(event.envelope(), pairing);
        return new TimelineEntry(event, status, text(event, status, pairing));
    }

    /// The status of one event of the paired trace.
    public static TimelineStatus status(Envelope event, CallPairing pairing) {
        CallPairing.Call call = pairing.call(event.id());
        if (event.errored() || (call != null && call.resultFailed())) {
            return TimelineStatus.FAILED;
        }
        if (event.type() == EventType.CIRCUIT_BREAKER || event.outcome() == Outcome.PARTIAL) {
            return TimelineStatus.WARNING;
        }
        if (event.outcome() == Outcome.PENDING) {
            return TimelineStatus.PENDING;
        }
        boolean silent =
                CALLS.contains(event.type())
                        && event.outcome() == Outcome.UNKNOWN
                        && (event.durationMs() == null || event.durationMs() == 0)
                        && (call == null || call.result() == null);
        return silent ? TimelineStatus.UNKNOWN : TimelineStatus.OK;
    }

    private static @Nullable String text(
            AuditEvent event, TimelineStatus status, CallPairing pairing) {
        return switch (status) {
            case OK -> null;
            case FAILED -> failure(event, pairing);
            case WARNING ->
                    event.envelope().type() == EventType.CIRCUIT_BREAKER
                            ? "circuit breaker"
                            : "partly done";
            case PENDING -> "awaits approval or result";
            case UNKNOWN -> "no outcome, result event or duration recorded";
        };
    }

    private static String failure(AuditEvent event, CallPairing pairing) {
        Envelope envelope = event.envelope();
        if (!envelope.errored()) {
            CallPairing.Call call = pairing.call(envelope.id());
            String type = call == null || call.result() == null ? null : call.result().errorType();
            return type == null ? "its result is a failure" : "its result failed: " + type;
        }
        String type = envelope.errorType();
        String message = event.content().errorMessage();
        if (type == null) {
            return message == null ? "failed" : shortened(message);
        }
        return message == null ? type : shortened(type + ": " + message);
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= TEXT_CODE_POINTS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, TEXT_CODE_POINTS - 1)) + "…";
    }
}
