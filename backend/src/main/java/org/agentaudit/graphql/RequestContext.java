package org.agentaudit.graphql;

import graphql.GraphQLContext;
import graphql.schema.DataFetchingEnvironment;
import java.util.Objects;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// What fetchers know of the request they work for.
///
/// @param live why a subscription's document runs; null for queries and mutations
record RequestContext(Viewer viewer, Disclosed disclosed, @Nullable Live live) {

    RequestContext(Viewer viewer) {
        this(viewer, new Disclosed(viewer), null);
    }

    static RequestContext of(DataFetchingEnvironment environment) {
        return of(environment.getGraphQlContext());
    }

    static RequestContext of(GraphQLContext context) {
        return Objects.requireNonNull(context.<RequestContext>get(RequestContext.class));
    }

    /// What a field is read from; root fields have none.
    static <S> S source(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.<S>getSource());
    }
}
