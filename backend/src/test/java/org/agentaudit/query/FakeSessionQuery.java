package org.agentaudit.query;

import java.util.Optional;
import org.agentaudit.access.Viewer;

/// No sessions, and whatever is to happen when one is asked for.
public final class FakeSessionQuery extends SessionQuery {
    public Runnable whenAsked = () -> {};

    public FakeSessionQuery() {
        super(null, null, null, null);
    }

    @Override
    public Optional<Session> byId(Viewer viewer, String sessionId) {
        whenAsked.run();
        return Optional.empty();
    }
}
