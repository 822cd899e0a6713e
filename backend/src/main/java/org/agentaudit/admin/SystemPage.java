package org.agentaudit.admin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the portal is well; model of `views/admin/system.html`.
///
/// @param kind        shape of the sentence: `ok` or `warn`
/// @param sentence    whether anything needs looking at
/// @param version     of the portal
/// @param java        version of the JVM
/// @param startedAt   of this portal
/// @param postgres    version of the server
/// @param schema      version of the newest migration
/// @param database    size of the database
/// @param heap        memory used and at most
/// @param disk        free bytes where the data folder lies; null when unknown
/// @param dataDir     the data folder
/// @param received    items since the start; stored, duplicate and rejected add up to it
/// @param unsettled   traces with events that reports have still to take in
/// @param findingsDue traces that the detectors have still to look at
/// @param sessions    sign-ins that are valid now
/// @param partitions  newest month first
/// @param now         when this was read
public record SystemPage(
        String kind,
        String sentence,
        String version,
        String java,
        Instant startedAt,
        String postgres,
        String schema,
        String database,
        String heap,
        @Nullable String disk,
        String dataDir,
        long received,
        long stored,
        long duplicates,
        long rejected,
        long unsettled,
        long findingsDue,
        long sessions,
        List<PartitionRow> partitions,
        Instant now) {

    public SystemPage {
        partitions = List.copyOf(partitions);
    }

    /// @param events PostgreSQL's estimate
    public record Partition(String name, long events, long bytes) {}

    /// @param size with its unit
    public record PartitionRow(String name, long events, String size) {}
}
