package org.agentaudit.report;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.jspecify.annotations.Nullable;

/// Errored events of a period (checklist R3, R4).
///
/// @param errors     errored events
/// @param errorTypes `unspecified` for events without one
/// @param messages   the 1000 largest groups of messages, by count, descending; events without a
///     message are in none
public record ErrorAnalysisReport(
        Period period,
        Completeness completeness,
        long errors,
        List<Tally> errorTypes,
        List<MessageTally> messages,
        List<Tally> byAgent,
        List<Suggestion> suggestions) {

    public ErrorAnalysisReport {
        errorTypes = List.copyOf(errorTypes);
        messages = List.copyOf(messages);
        byAgent = List.copyOf(byAgent);
        suggestions = List.copyOf(suggestions);
    }

    /// Messages that differ only in numbers, ids, quoted text, paths and addresses.
    ///
    /// @param fingerprint what they have in common, as 16 hexadecimal digits; masked, as `sample`,
    ///     for a viewer who may not see content
    /// @param sample   one of them, redacted; says so when none is stored any more
    /// @param revealed the event whose message `sample` is; null when it shows none
    /// @param count    errored events with such a message
    /// @param share    of all errored events, 0 to 1
    public record MessageTally(
            String fingerprint,
            String sample,
            @Nullable UUID revealed,
            long count,
            double share,
            Instant lastSeen) {}

    /// What to look into, with what speaks for it.
    ///
    /// @param because   the number and the limit it is above, as a sentence
    /// @param errorType of the errored events that are counted
    /// @param count     of them in the period
    /// @param evidence  the newest of them that are stored, at most 20, masked for the viewer
    public record Suggestion(
            String text, String because, String errorType, long count, List<AuditEvent> evidence) {

        public Suggestion {
            evidence = List.copyOf(evidence);
        }
    }
}
