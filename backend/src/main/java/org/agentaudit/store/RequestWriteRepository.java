package org.agentaudit.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/// Writes the requests of a commit to `request_open`, from where they are moved to the roll-ups
/// later: one COPY into a table without an index is all that ingest pays (README, decision 21).
final class RequestWriteRepository {
    private static final String COPY =
            """
            COPY request_open (quarter, agent_id, model, task_id, session_id, user_id, outcome, error_type, requests,
                               costed, input_tokens, output_tokens, cached_tokens, cost_usd, responses, durations,
                               first_at, last_at) FROM STDIN (FORMAT binary)
            """;

    private RequestWriteRepository() {}

    static void write(Connection connection, RequestCounts counts) throws SQLException {
        if (counts.sums().isEmpty()) {
            return;
        }
        try (CopyRows rows = new CopyRows(connection, COPY)) {
            for (Map.Entry<RequestCounts.Key, RequestCounts.Sums> entry :
                    counts.sums().entrySet()) {
                RequestCounts.Key key = entry.getKey();
                RequestCounts.Sums sums = entry.getValue();
                rows.add(key.quarter())
                        .add(key.agentId())
                        .add(key.model())
                        .add(key.taskId())
                        .add(key.sessionId())
                        .add(key.userId())
                        .add(key.ended())
                        .add(key.errorType())
                        .add(sums.requests)
                        .add(sums.costed)
                        .add(sums.inputTokens)
                        .add(sums.outputTokens)
                        .add(sums.cachedTokens)
                        .add(sums.cost)
                        .add(sums.responses)
                        .add(sums.durationBytes())
                        .add(sums.firstAt)
                        .add(sums.lastAt)
                        .endRow();
            }
            rows.finish();
        }
    }
}
