package org.agentaudit.retention;

import java.util.Set;

/// Holds of a portal without any, for tests without a database.
public final class NoHolds extends Holds {

    @SuppressWarnings("NullAway")
    public NoHolds() {
        super(null, null, null, null);
    }

    @Override
    public Set<String> held(Set<String> traceIds) {
        return Set.of();
    }
}
