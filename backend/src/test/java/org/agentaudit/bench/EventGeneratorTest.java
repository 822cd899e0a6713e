package org.agentaudit.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
    private static final int EVENTS = 5_000;

    @Test
    void next_sameSeed_givesTheSameBytes_anotherSeedOthers() {
        EventGenerator one = new EventGenerator(7, 0, EVENTS);
        EventGenerator same = new EventGenerator(7, 0, EVENTS);
        EventGenerator other = new EventGenerator(8, 0, EVENTS);
        for (int i = 0; i < 200; i++) {
            byte[] event = one.next();
            assertThat(same.next()).isEqualTo(event);
            assertThat(other.next()).isNotEqualTo(event);
        }
    }

    @Test
    void next_makesTraces_inOrderOfTime_withCallsErrorsAndTokens() throws IOException {
        EventGenerator generator = new EventGenerator(7, 0, EVENTS);
        Set<String> ids = new HashSet<>();
        Map<String, Integer> types = new HashMap<>();
        Set<String> traces = new HashSet<>();
        int errors = 0;
        long bytes = 0;
        Instant before = Instant.MIN;
        for (int i = 0; i < EVENTS; i++) {
            byte[] line = generator.next();
            bytes += line.length;
            JsonNode event = new ObjectMapper().readTree(line);
            assertThat(ids.add(event.get("event_id").asText())).isTrue();
            JsonNode parent = event.get("parent_event_id");
            assertThat(parent.isNull() || ids.contains(parent.asText())).isTrue();
            types.merge(event.get("event_type").asText(), 1, Integer::sum);
            traces.add(event.get("trace_id").asText());
            errors += event.get("error").isNull() ? 0 : 1;
            Instant time = Instant.parse(event.get("timestamp").asText());
            assertThat(time).isAfterOrEqualTo(before);
            before = time;
        }
        assertThat(types.get("agent.tool_call"))
                .isBetween(types.get("agent.tool_result"), types.get("agent.tool_result") + 30);
        assertThat(types).containsKeys("agent.decision", "agent.handoff", "agent.token_usage");
        assertThat(traces.size()).isBetween(100, 500);
        assertThat(errors).isBetween(10, 100);
        assertThat(bytes / EVENTS).isBetween(550L, 750L);
    }
}
