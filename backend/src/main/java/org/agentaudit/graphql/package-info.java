/// The GraphQL door: schema, scalars, error codes, limits, who may call which root field, and the
/// fetchers that turn arguments into one call of the read side. Nothing is computed or masked here.
/// Start at [org.agentaudit.graphql.GraphQlController]. Uses the read-side packages, `access` and
/// `web`.
@NullMarked
package org.agentaudit.graphql;

import org.jspecify.annotations.NullMarked;
