package org.agentaudit.graphql;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/// What one GraphQL request may cost the portal (settings `PORTAL_GRAPHQL_…`).
///
/// @param maxBodyBytes  bytes of a request body, unpacked
/// @param maxDepth      nested fields; the standard introspection query needs 15
/// @param maxFields     fields after expanding fragments, aliases included
/// @param maxComplexity estimated cost, see [Complexity]
/// @param deadline      time from the start of the execution to its end
@ConfigurationProperties("portal.graphql")
record GraphQlConfig(
        @Bindable(defaultValue = "262144") int maxBodyBytes,
        @Bindable(defaultValue = "15") int maxDepth,
        @Bindable(defaultValue = "500") int maxFields,
        @Bindable(defaultValue = "500000") int maxComplexity,
        @Bindable(defaultValue = "30s") Duration deadline) {}
