package org.agentaudit.destination;

import java.time.Instant;
import java.util.List;

/// Where events are copied to; model of `views/destination/list.html`.
///
/// @param now for how long ago something was
public record DestinationListPage(List<DestinationStatus> destinations, Instant now) {
    public DestinationListPage {
        destinations = List.copyOf(destinations);
    }
}
