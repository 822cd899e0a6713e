package org.agentaudit.store;

import java.util.UUID;

/// A stored event is not what was stored; nothing was removed. `verify` tells more.
public final class TamperedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TamperedException(long arrival, UUID id) {
        super(
                "batch %d, position %d, event %s is not what was stored; see the command verify"
                        .formatted(Arrival.batch(arrival), Arrival.position(arrival), id));
    }
}
