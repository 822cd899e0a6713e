package org.agentaudit.query;

import java.util.List;

/// What a report rests on (metrics "Completeness").
///
/// @param events        events counted
/// @param producers     distinct senders: an event's producer, else its agent
/// @param gaps          missing sequence numbers of producers that send them
/// @param unpairedCalls tool calls without a result event that state no outcome
/// @param missingParents parents named that are not in the same trace
/// @param derivedTraces distinct traces whose id was derived
/// @param lateEvents    events received more than an hour after they occurred
/// @param silentAgents agents active on at least 5 of the 7 days before the period and not in it,
///     sorted
/// @param redactions    values redacted in events received in the period
/// @param rejected      items rejected in the period
/// @param redactionsByDetector the redactions by what found them, descending
public record Completeness(
        long events,
        long producers,
        long gaps,
        long unpairedCalls,
        long missingParents,
        long derivedTraces,
        long lateEvents,
        List<String> silentAgents,
        long redactions,
        long rejected,
        List<Tally> redactionsByDetector) {

    /// Without the detectors.
    public Completeness(
            long events,
            long producers,
            long gaps,
            long unpairedCalls,
            long missingParents,
            long derivedTraces,
            long lateEvents,
            List<String> silentAgents,
            long redactions,
            long rejected) {
        this(
                events,
                producers,
                gaps,
                unpairedCalls,
                missingParents,
                derivedTraces,
                lateEvents,
                silentAgents,
                redactions,
                rejected,
                List.of());
    }

    public Completeness {
        silentAgents = List.copyOf(silentAgents);
        redactionsByDetector = List.copyOf(redactionsByDetector);
    }
}
