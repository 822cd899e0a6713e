package org.agentaudit.retention;

import java.util.List;

/// What an erasure would remove.
///
/// @param contents    events whose content goes
/// @param traces      traces these are in
/// @param others events of others in these traces whose content stays; once the person's own is
///     gone, nothing tells that they stood beside it. 0 when whole traces go
/// @param bytes       stored size of that content
/// @param quarantined quarantined items that name the person
/// @param held        events of the person whose content stays, since holds keep their traces
/// @param holds       the holds that stand against it
/// @param archives    files with events that went before, which no erasure reaches
public record ErasureForecast(
        long contents,
        long traces,
        long others,
        long bytes,
        long quarantined,
        long held,
        List<Hold> holds,
        ArchivePeriod archives) {
    public ErasureForecast {
        holds = List.copyOf(holds);
    }

    /// Whether nothing of the person is stored, nor may be in a file that is imported again.
    public boolean isEmpty() {
        return contents == 0 && quarantined == 0 && held == 0 && archives.files() == 0;
    }
}
