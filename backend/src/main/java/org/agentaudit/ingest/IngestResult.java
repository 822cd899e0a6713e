package org.agentaudit.ingest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a batch; every item is in exactly one of the three.
///
/// @param accepted   newly stored
/// @param duplicates stored before
/// @param rejected   in the order sent
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record IngestResult(int accepted, int duplicates, List<RejectedItem> rejected) {
    public IngestResult {
        rejected = List.copyOf(rejected);
    }

    /// One item that was not stored.
    ///
    /// @param index  position in the request, from 0; a line number when it came from a file
    /// @param id     as the item named it; null when it named none
    /// @param reason what to change
    @Introspected
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record RejectedItem(long index, @Nullable String id, String reason) {}
}
