package org.agentaudit.compliance;

import java.time.Instant;
import java.time.LocalDate;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.jspecify.annotations.Nullable;

/// A verdict on one complete day over all agents, as it was when it was evaluated.
///
/// @param date       calendar day in `timeZone`
/// @param agents     pattern of the agents that decided; null when that is all agents no pattern
///     takes
/// @param measured   in the unit of the check; null when there was nothing to measure
/// @param settings   settings of the check in force then, in words
/// @param superseded whether a later evaluation of the day said something else
public record CheckDay(
        LocalDate date,
        String timeZone,
        String check,
        @Nullable String agents,
        Verdict verdict,
        @Nullable Double measured,
        @Nullable Double warnAt,
        @Nullable Double failAt,
        long population,
        long exceptions,
        String settings,
        Instant evaluatedAt,
        boolean superseded) {}
