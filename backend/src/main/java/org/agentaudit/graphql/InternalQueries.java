package org.agentaudit.graphql;

import jakarta.inject.Singleton;
import java.util.Map;
import org.agentaudit.access.Viewer;

/// Runs queries for other parts of the portal, with the same limits, roles and access log as those
/// that come over HTTP.
@Singleton
public final class InternalQueries {

    private final GraphQlEngine engine;

    InternalQueries(GraphQlEngine engine) {
        this.engine = engine;
    }

    /// @return the answer as it would be sent: `data`, `errors` or both
    public Map<String, Object> read(Viewer viewer, String document) {
        return engine.execute(new GraphQlRequest(document, null, Map.of(), Map.of()), viewer, true)
                .body();
    }
}
