package org.agentaudit.ingest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of the items of an import.
///
/// @param files       files read
/// @param accepted    newly stored; of a dry run: what would be sent to the store
/// @param duplicates  stored before
/// @param quarantined not understood, or in conflict with another event
/// @param first       the first of the quarantined, at most [#SHOWN]
/// @param skipped     how many files of folders were not read, by the ending of their names, in
///     order; empty: without one
/// @param empty       files and folders named that hold nothing to read
public record ImportResult(
        long files,
        long accepted,
        long duplicates,
        long quarantined,
        List<Quarantined> first,
        Map<String, Long> skipped,
        List<String> empty) {
    /// Most quarantined items that are told one by one; the others are in the store.
    public static final int SHOWN = 1_000;

    public ImportResult {
        first = List.copyOf(first);
        skipped = Collections.unmodifiableMap(new TreeMap<>(skipped));
        empty = List.copyOf(empty);
    }

    /// One item that was not stored.
    ///
    /// @param line   where it starts in the file, from 1
    /// @param reason what to change
    public record Quarantined(String file, long line, String reason) {}
}
