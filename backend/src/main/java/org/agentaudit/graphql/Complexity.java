package org.agentaudit.graphql;

import graphql.analysis.FieldComplexityCalculator;
import graphql.analysis.FieldComplexityEnvironment;
import java.util.List;
import java.util.Map;
import org.agentaudit.query.PageRequest;

/// Estimated cost of a query: one per value in the answer, counting a list as often as its `first`, `last` or `limit`
/// allows, and [#QUESTION] for every field that asks the database on its own.
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
                    "Agent.audit", 5 * QUESTION,
                    "CheckResult.evidence", QUESTION,
                    // Loaded together for all events of an answer, but assembled one by one.
                    "AuditEvent.trace", QUESTION / 10);

    private static final List<String> ROW_ARGUMENTS = List.of("first", "last", "limit");

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

    private static int rows(FieldComplexityEnvironment field) {
        Map<String, Object> given = field.getArguments();
        int rows = 0;
        for (String name : ROW_ARGUMENTS) {
            if (given.get(name) instanceof Integer number) {
                rows = Math.max(rows, number);
            }
        }
        if (rows > 0) {
            return rows;
        }
        boolean paged = field.getFieldDefinition().getArgument("first") != null;
        return paged ? PageRequest.DEFAULT_SIZE : 1;
    }
}
