package org.agentaudit.destination;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A destination as the page shows it.
///
/// @param place   where the copy goes
/// @param waiting events not sent yet, counted up to 100,000
/// @param since   earliest receipt among them; null when none waits
public record DestinationStatus(
        DestinationState state, String place, long waiting, @Nullable Instant since) {

    /// Whether more wait than were counted.
    public boolean manyWaiting() {
        return waiting >= Destinations.COUNTED;
    }
}
