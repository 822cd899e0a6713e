package org.agentaudit.graphql;

import graphql.analysis.FieldComplexityCalculator;
import graphql.analysis.FieldComplexityEnvironment;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.List;
import java.util.Map;
import org.agentaudit.query.PageRequest;

/// Estimated cost of a query: one per value in the answer, counting a list as often as the `first`,
/// `last` or `limit` of the list or of its connection allows, and [#QUESTION] for every field that
/// asks the database on its own.
final class Complexity implements FieldComplexityCalculator {

    /// Cost of a field that asks the database for each of its sources.
    static final int QUESTION = 1_000;

    private static final Map<String, Integer> OWN_COST =
            Map.of(
                    "AuditEventConnection.totalCount", QUESTION,
                    "Trace.timeline", QUESTION,
                    "Trace.graph", QUESTION,
                    "Trace.forensics", QUESTION,
                    "Trace.events", QUESTION,
                    "Agent.events", QUESTION,
                    "Session.events", QUESTION,
                    "Agent.audit", 5 * QUESTION,
                    "CheckResult.evidence", QUESTION,
                    // Loaded together for all events of an answer, but assembled one by one.
                    "AuditEvent.trace", QUESTION / 10);

    private static final List<String> ROW_ARGUMENTS = List.of("first", "last", "limit");

    /// What lists without bounds of their own (resources, redactions, error types, statements)
    /// usually stay below.
    private static final int SHORT_LIST = 10;

    /// Sums of up to [GraphQlConfig#maxFields()] capped values stay within an int.
    private static final int CAP = 2_000_000;

    @Override
    public int calculate(FieldComplexityEnvironment field, int children) {
        String parent = field.getParentType() == null ? "Query" : field.getParentType().getName();
        String name = field.getFieldDefinition().getName();
        int root = RootFieldAccess.isRoot(parent) && !name.startsWith("__") ? QUESTION : 1;
        int own = OWN_COST.getOrDefault(parent + "." + name, root);
        return (int) Math.min(CAP, own + (long) rows(field) * children);
    }

    /// How many elements the field has.
    private static int rows(FieldComplexityEnvironment field) {
        GraphQLType type = GraphQLTypeUtil.unwrapNonNull(field.getFieldDefinition().getType());
        if (!GraphQLTypeUtil.isList(type)) {
            return 1;
        }
        if (isBounded(field)) {
            return bound(field);
        }
        FieldComplexityEnvironment connection = field.getParentEnvironment();
        return connection != null && isBounded(connection) ? bound(connection) : SHORT_LIST;
    }

    private static boolean isBounded(FieldComplexityEnvironment field) {
        return ROW_ARGUMENTS.stream()
                .anyMatch(name -> field.getFieldDefinition().getArgument(name) != null);
    }

    private static int bound(FieldComplexityEnvironment field) {
        int rows = 0;
        for (String name : ROW_ARGUMENTS) {
            if (field.getArguments().get(name) instanceof Integer number) {
                rows = Math.max(rows, number);
            }
        }
        return rows > 0 ? rows : PageRequest.DEFAULT_SIZE;
    }
}
