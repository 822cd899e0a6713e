package org.agentaudit.analysis;

/// Something that has become worse from one period to another (metrics "Findings").
///
/// @param metric     `token_usage`: mean tokens per session with tokens; `success_rate`: share of
///     invocations without an errored event in their run
/// @param type       `performance` or `functionality`
/// @param baseline   tokens, or a share of 0 to 1
/// @param current    in the unit of the baseline
/// @param change     signed: relative for a mean (0.25 is a quarter more), percentage points for a
///     rate (-7.5)
/// @param changeText the change with its unit, one decimal
/// @param baselineN  sessions with tokens, or invocations
/// @param currentN   as for the baseline
public record Regression(
        String metric,
        String type,
        Severity severity,
        double baseline,
        double current,
        double change,
        String changeText,
        long baselineN,
        long currentN) {}
