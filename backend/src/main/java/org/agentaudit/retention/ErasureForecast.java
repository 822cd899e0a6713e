package org.agentaudit.retention;

import java.util.List;

/// What an erasure would remove.
///
/// @param contents    events whose content goes
/// @param traces      traces these are in
/// @param bytes       stored size of that content
/// @param quarantined quarantined items that name the person
/// @param held        events of the person whose content stays, since holds keep their traces
/// @param holds       the holds that stand against it
public record ErasureForecast(
        long contents, long traces, long bytes, long quarantined, long held, List<Hold> holds) {
    public ErasureForecast {
        holds = List.copyOf(holds);
    }
}
