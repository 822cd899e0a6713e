package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.Test;

/// GraphQL over HTTP as the audits of `graphql-http` see it: every MUST, SHOULD and MAY.
class GraphQlAuditsIT {
    /// How many audits the locked version has.
    private static final int AUDITS = 61;

    @Test
    void everyAudit_isPassed() throws Exception {
        List<JsonNode> results = new ArrayList<>();
        List<JsonNode> failed = new ArrayList<>();
        try (RunningPortal portal = new RunningPortal(TestDatabase.create(), Map.of())) {
            String token = portal.user("olga", List.of(), Role.COMPLIANCE_OFFICER);
            NodePrograms.run(
                    "audits.mjs",
                    portal,
                    token,
                    audit -> {
                        results.add(audit);
                        if (!"ok".equals(audit.path("status").asText())) {
                            failed.add(audit);
                        }
                    });
        }
        assertThat(failed).isEmpty();
        assertThat(results).hasSize(AUDITS);
    }
}
