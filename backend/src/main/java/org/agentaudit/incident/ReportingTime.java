package org.agentaudit.incident;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/// How soon a rule book wants an incident reported: a reminder with its source, not legal advice.
///
/// @param id          stays the same
/// @param clause      of the rule book
/// @param version     of the rule book
/// @param appliesFrom first day
/// @param source      address of the text
/// @param when        which incidents it is about
/// @param duty        who tells whom
/// @param hours       from awareness
public record ReportingTime(
        String id,
        String framework,
        String clause,
        String version,
        LocalDate appliesFrom,
        String source,
        String when,
        String duty,
        int hours) {

    /// The end of the time.
    public Instant due(Instant awareAt) {
        return awareAt.plus(Duration.ofHours(hours));
    }
}
