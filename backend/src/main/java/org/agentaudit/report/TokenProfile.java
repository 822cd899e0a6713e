package org.agentaudit.report;

import java.math.BigDecimal;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;
import org.jspecify.annotations.Nullable;

/// What sessions cost in tokens (metrics "Token profile", checklist M4): over the sessions with
/// tokens in the period, each with what it used in the period.
///
/// @param sessions             sessions with an event in the period that states tokens
/// @param meanTokensPerSession input plus output tokens; null without sessions
/// @param p95TokensPerSession  nearest rank; null without sessions
/// @param cacheRate            cached ÷ input tokens, 0 to 1; null without input
/// @param cost                 US dollars; null when no event of these sessions has one
public record TokenProfile(
        Period period,
        Completeness completeness,
        long sessions,
        @Nullable Double meanTokensPerSession,
        @Nullable Double p95TokensPerSession,
        @Nullable Double cacheRate,
        @Nullable BigDecimal cost) {}
