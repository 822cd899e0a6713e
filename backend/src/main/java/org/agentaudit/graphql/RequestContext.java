package org.agentaudit.graphql;

import graphql.GraphQLContext;
import graphql.schema.DataFetchingEnvironment;
import java.util.Objects;
import org.agentaudit.access.Viewer;

/// What fetchers know of the request they work for.
record RequestContext(Viewer viewer, Disclosed disclosed) {

    RequestContext(Viewer viewer) {
        this(viewer, new Disclosed(viewer));
    }

    static RequestContext of(DataFetchingEnvironment environment) {
        GraphQLContext context = environment.getGraphQlContext();
        return Objects.requireNonNull(context.<RequestContext>get(RequestContext.class));
    }

    /// What a field is read from; root fields have none.
    static <S> S source(DataFetchingEnvironment environment) {
        return Objects.requireNonNull(environment.<S>getSource());
    }
}
