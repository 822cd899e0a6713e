package org.agentaudit.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a measurement of ingest found. Rates are events a second; processor times microseconds for
/// each event, null when they cannot be read.
///
/// @param seed        of the first round; the others follow
/// @param warmUp      events sent before, not measured
/// @param batch       events in a request, and rows in a COPY commit
/// @param bytes       mean size of an event as sent
/// @param ingest      median of the rounds
/// @param copy        median of the rounds
/// @param ratio       median of the rounds' ratios
/// @param maxHeap     bytes the JVM may use
/// @param singles     null when none were asked for
public record BenchReport(
        long seed,
        String load,
        int warmUp,
        int events,
        int batch,
        int clients,
        int copyConnections,
        double bytes,
        List<Round> rounds,
        double ingest,
        double copy,
        double ratio,
        @Nullable Singles singles,
        long peakHeap,
        long maxHeap) {

    /// The same events by HTTP, then their rows by COPY.
    ///
    /// @param refused       answers 429, sent again
    /// @param commits       transactions in the database while ingesting
    /// @param settleSeconds from the last answer until nothing derived was behind
    /// @param portalCpu     of the portal, without the client
    /// @param serverCpu     of PostgreSQL while ingesting
    /// @param copyCpu       of PostgreSQL while copying
    /// @param walBytes      log written while ingesting, for each event
    public record Round(
            double ingest,
            double copy,
            double ratio,
            int refused,
            int errors,
            List<String> failures,
            double p50Millis,
            double p99Millis,
            double maxMillis,
            long commits,
            double settleSeconds,
            @Nullable Double portalCpu,
            double clientCpu,
            @Nullable Double serverCpu,
            @Nullable Double copyCpu,
            double walBytes,
            double copyWalBytes) {}

    /// Requests of one event each.
    ///
    /// @param due requests a second that were due; 0: as many as were answered
    public record Singles(
            int requests,
            int connections,
            double due,
            double perSecond,
            int refused,
            int errors,
            List<String> failures,
            double p50Millis,
            double p99Millis,
            double maxMillis,
            long commits) {}
}
