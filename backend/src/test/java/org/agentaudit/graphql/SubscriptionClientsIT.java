package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.Test;

/// The reference clients `graphql-ws` and `graphql-sse` in Node against a running portal.
class SubscriptionClientsIT {

    @Test
    void referenceClients_subscribe() throws Exception {
        try (RunningPortal portal = new RunningPortal(TestDatabase.create(), Map.of())) {
            String token = portal.user("olga", List.of(), Role.COMPLIANCE_OFFICER);
            Map<String, JsonNode> told = run(portal, token);
            for (String client : List.of("socket", "stream")) {
                assertThat(told.get(client + "Query").at("/data/me/username").asText())
                        .isEqualTo("olga");
                assertThat(told.get(client + "Refused").asText()).isEqualTo("BAD_USER_INPUT");
                assertThat(told.get(client).toString())
                        .isEqualTo(
                                "[%1$s,%1$s]"
                                        .formatted(
                                                "{\"data\":{\"eventStored\":{\"action\":\"node-%s\",\"agentId\":\"a\","
                                                                .formatted(client)
                                                        + "\"trace\":{\"id\":\"t-%s\",\"eventCount\":2}}}}"
                                                                .formatted(client)));
            }
            assertThat(told.get("stranger").asInt()).isEqualTo(4403);
        }
    }

    private static Map<String, JsonNode> run(RunningPortal portal, String token)
            throws IOException, InterruptedException {
        Map<String, JsonNode> told = new HashMap<>();
        NodePrograms.run(
                "subscriptions.mjs",
                portal,
                token,
                step -> {
                    if (step.has("ready")) {
                        store(portal, step.get("ready").asText());
                    }
                    step.fields()
                            .forEachRemaining(field -> told.put(field.getKey(), field.getValue()));
                });
        return told;
    }

    /// Two events of the client that waits for them.
    private static void store(RunningPortal portal, String client) {
        String event =
                "{\"event_type\": \"agent.tool_call\", \"agent_name\": \"a\", \"action\":"
                        + " \"node-%1$s\", \"trace_id\": \"t-%1$s\", \"event_id\": \"%1$s-%2$d\"}";
        portal.ingest("[" + event.formatted(client, 1) + "," + event.formatted(client, 2) + "]");
    }
}
