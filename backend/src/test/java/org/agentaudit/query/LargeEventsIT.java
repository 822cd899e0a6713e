package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeEventsIT implements TestPropertyProvider {

    private static final Instant START = Instant.parse("2026-03-30T00:00:00Z");
    private static final int EVENTS = 80;
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    @Inject EventStore store;
    @Inject EventQuery query;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    /// A page of a thousand such events would fill the memory.
    @Test
    void page_ofLargeEvents_endsEarlyAndTheNextGoesOn() throws Exception {
        String text = "\"" + "x".repeat(1_000_000) + "\"";
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            AuditEvent event =
                    EventBuilder.event(
                                    "large " + i,
                                    START.plusSeconds(i),
                                    EventType.TOOL_CALL,
                                    "a",
                                    "act")
                            .params(text)
                            .build();
            events.add(new NewEvent(event, RandomEvents.digest(event), 1, new Prover()));
        }
        store.append(events, List.of()).get();

        List<Instant> times = new ArrayList<>();
        String cursor = null;
        boolean more = true;
        while (more) {
            Page<AuditEvent> page =
                    query.find(
                            OFFICER,
                            EventFilter.ALL,
                            EventOrder.OLDEST_FIRST,
                            PageRequest.first(PageRequest.MAXIMUM_SIZE, cursor));
            assertThat(page.nodes()).hasSizeBetween(1, 40);
            page.nodes().forEach(event -> times.add(event.envelope().occurredAt()));
            cursor = page.endCursor();
            more = page.hasNextPage();
        }

        assertThat(times).hasSize(EVENTS).isSorted().doesNotHaveDuplicates();
    }
}
