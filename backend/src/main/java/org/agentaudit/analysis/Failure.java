package org.agentaudit.analysis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.jspecify.annotations.Nullable;

/// One thing that failed: the step, and the events that record its failure (its failed result, the
/// error events that name it as their parent).
///
/// @param step       the step that failed; for an error without a step, the error itself
/// @param errorType  `unspecified` when no record names one
/// @param durationMs how long the step took; null when not recorded
/// @param failedAt when the failure showed: the end of the step, or the time of the first record of
///     its failure
/// @param evidence   step first, then what records its failure
record Failure(
        AuditEvent step,
        String errorType,
        @Nullable Double durationMs,
        Instant failedAt,
        List<AuditEvent> evidence) {

    private static final int RECORDS = 20;

    Failure {
        evidence = List.copyOf(evidence);
    }

    String agent() {
        return step.envelope().agentId();
    }

    String action() {
        return step.envelope().action();
    }

    Envelope envelope() {
        return step.envelope();
    }

    boolean timedOut() {
        return contains("timeout", "timedout", "deadline");
    }

    /// The called side may have been away or refused: another try, an alternative or a pause can
    /// help, other arguments cannot.
    boolean ofTheCalledSide() {
        return timedOut()
                || contains(
                        "connect",
                        "http",
                        "unavailable",
                        "ratelimit",
                        "rate_limit",
                        "service",
                        "network");
    }

    /// A human said no, which is no fault of the step.
    boolean turnedDown() {
        return contains(
                "userreject", "user_reject", "rejectedbyuser", "declined", "interruptedbyuser");
    }

    private boolean contains(String... words) {
        String type = errorType.toLowerCase(Locale.ROOT);
        return Arrays.stream(words).anyMatch(type::contains);
    }

    /// `TimeoutError after 12.3 s`
    String how() {
        String type =
                errorType.equals(EventFilter.UNSPECIFIED)
                        ? "without a stated error type"
                        : errorType;
        return durationMs == null || durationMs == 0
                ? type
                : type + " after " + Durations.text(durationMs);
    }

    /// The same failure with one more event that records it, as long as they are few.
    Failure with(AuditEvent record) {
        if (evidence.size() == RECORDS) {
            return this;
        }
        List<AuditEvent> more = new ArrayList<>(evidence);
        more.add(record);
        String type = record.envelope().errorType();
        return new Failure(
                step,
                errorType.equals(EventFilter.UNSPECIFIED) && type != null ? type : errorType,
                durationMs,
                failedAt,
                more);
    }
}
