package org.agentaudit.query;

/// Distribution of durations over the `n` things that carry one. Percentiles are nearest rank and
/// within 1 % of the exact ones; `n`, mean and max are exact.
public record LatencyStats(
        long n, double meanMs, double p50Ms, double p95Ms, double p99Ms, double maxMs) {}
