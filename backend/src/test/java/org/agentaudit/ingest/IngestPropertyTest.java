package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IngestPropertyTest {
    /// Any JSON value: answered, and every item is stored, a duplicate or rejected.
    @Test
    void ingest_anyJsonValue_isAccountedFor() {
        long seed = System.nanoTime();
        RandomJson random = new RandomJson(seed);
        PipelineFixture fixture = new PipelineFixture();
        long expected = 0;
        for (int i = 0; i < 3_000; i++) {
            JsonNode value = random.value(0);
            String body = value.toString();
            int items = value.isArray() ? value.size() : 1;
            IngestResult result = fixture.json(body);
            assertThat(result.accepted() + result.duplicates() + result.rejected().size())
                    .as("seed %d, body %s", seed, body)
                    .isEqualTo(items);
            expected += items;
            IngestResult again = fixture.json(body);
            assertThat(again.accepted()).as("seed %d, again %s", seed, body).isZero();
            assertThat(again.rejected()).isEqualTo(result.rejected());
            expected += items;
        }
        assertThat(fixture.counters.received())
                .as("seed %d", seed)
                .isEqualTo(expected)
                .isEqualTo(
                        fixture.counters.stored()
                                + fixture.counters.duplicates()
                                + fixture.counters.rejected());
        assertThat(fixture.store.events).hasSize((int) fixture.counters.stored());
        assertThat(fixture.store.quarantine).hasSize((int) fixture.counters.rejected());
    }

    @Test
    void ingest_brokenBodies_areRefusedOrAccountedFor() {
        long seed = System.nanoTime();
        Random chance = new Random(seed);
        RandomJson random = new RandomJson(seed);
        PipelineFixture fixture = new PipelineFixture();
        for (int i = 0; i < 3_000; i++) {
            byte[] body = PipelineFixture.utf8("[" + random.object(0) + "]");
            body[chance.nextInt(body.length)] = (byte) chance.nextInt(256);
            boolean lines = chance.nextBoolean();
            try {
                fixture.pipeline.ingest(body, lines, null, "test").join();
            } catch (BadBodyException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
        assertThat(fixture.store.events).hasSize((int) fixture.counters.stored());
    }
}
