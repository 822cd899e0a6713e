package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.Outcome;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TraceQueryIT implements TestPropertyProvider {

    private static final Instant START = Instant.parse("2026-03-30T00:00:00Z");
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));
    private static final Viewer AUDITOR = new Viewer("auditor", Set.of(Role.AUDITOR), List.of());
    private static final Viewer ADMIN = new Viewer("admin", Set.of(Role.ADMIN), List.of());
    private static final List<Outcome> WORST_FIRST =
            List.of(
                    Outcome.FAILURE,
                    Outcome.PENDING,
                    Outcome.PARTIAL,
                    Outcome.SUCCESS,
                    Outcome.UNKNOWN);

    private Map<String, List<Envelope>> traces = Map.of();

    @Inject EventStore store;
    @Inject EventQuery events;
    @Inject TraceQuery query;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @BeforeAll
    void load() throws Exception {
        // Four days around the end of a month: traces span two partitions.
        List<NewEvent> all = RandomEvents.make(new Random(5), 600, START, Duration.ofDays(4));
        store.append(all, List.of()).get();
        traces =
                all.stream()
                        .map(event -> event.event().envelope())
                        .sorted(Comparator.comparing(Envelope::occurredAt))
                        .collect(Collectors.groupingBy(Envelope::traceId));
    }

    @Test
    void byId_everyTrace_equalsTheFoldOverItsEvents() {
        traces.forEach(
                (id, own) -> {
                    Trace trace = query.byId(OFFICER, id).orElseThrow();
                    assertThat(trace.eventCount()).isEqualTo(own.size());
                    assertThat(trace.hiddenEvents()).isZero();
                    assertThat(trace.startedAt()).isEqualTo(own.getFirst().occurredAt());
                    assertThat(trace.endedAt())
                            .isEqualTo(
                                    own.stream()
                                            .map(Envelope::endedAt)
                                            .max(Comparator.naturalOrder())
                                            .orElseThrow());
                    assertThat(trace.errorCount())
                            .isEqualTo(own.stream().filter(Envelope::errored).count());
                    assertThat(trace.agentIds())
                            .containsExactlyElementsOf(
                                    own.stream().map(Envelope::agentId).distinct().toList());
                    assertThat(trace.outcome())
                            .isEqualTo(
                                    own.stream()
                                            .map(Envelope::outcome)
                                            .min(Comparator.comparing(WORST_FIRST::indexOf))
                                            .orElseThrow());
                });
    }

    @Test
    void byId_limitedScope_showsOnlyEventsInsideAndSaysHowManyAreHidden() {
        traces.forEach(
                (id, own) -> {
                    long visible = own.stream().filter(e -> e.agentId().startsWith("ops/")).count();
                    if (visible == 0) {
                        assertThat(query.byId(OPS, id)).isEmpty();
                        return;
                    }
                    Trace trace = query.byId(OPS, id).orElseThrow();
                    assertThat(trace.eventCount()).isEqualTo(visible);
                    assertThat(trace.hiddenEvents()).isEqualTo(own.size() - visible);
                    assertThat(query.timeline(OPS, id, 1000)).hasSize((int) visible);
                });
    }

    @Test
    void timeline_isInOrderOfTimeAndLimited() {
        traces.forEach(
                (id, own) -> {
                    assertThat(query.timeline(OFFICER, id, 1000))
                            .extracting(entry -> entry.event().envelope().id())
                            .containsExactlyElementsOf(own.stream().map(Envelope::id).toList());
                    assertThat(query.timeline(OFFICER, id, 1)).hasSize(1);
                });
    }

    @Test
    void ofTask_givesEveryTraceWithAnEventOfTheTask() {
        List<String> expected =
                traces.entrySet().stream()
                        .filter(
                                entry ->
                                        entry.getValue().stream()
                                                .anyMatch(e -> "task-1".equals(e.taskId())))
                        .map(Map.Entry::getKey)
                        .toList();
        assertThat(query.ofTask(OFFICER, "task-1"))
                .extracting(Trace::id)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(query.ofTask(OFFICER, "no such task")).isEmpty();
    }

    @Test
    void filter_linkedIds_findTheirEvents() {
        for (String session : List.of("session-0", "session-3")) {
            assertThat(events.count(OFFICER, EventFilter.builder().sessionId(session).build()))
                    .isEqualTo(
                            traces.values().stream()
                                    .flatMap(List::stream)
                                    .filter(e -> session.equals(e.sessionId()))
                                    .count());
        }
    }

    @Test
    void filter_emptyList_matchesNothing() {
        assertThat(events.count(OFFICER, EventFilter.builder().agentIds(List.of()).build()))
                .isZero();
    }

    @Test
    void filter_words_findEventsByContent() {
        EventFilter filter = EventFilter.builder().text("BECAUSE 17").build();
        List<AuditEvent> found =
                events.find(OFFICER, filter, EventOrder.OLDEST_FIRST, PageRequest.first(50, null))
                        .nodes();
        assertThat(found)
                .allSatisfy(
                        event -> assertThat(event.content().reasoning()).contains("because 17"));
    }

    @Test
    void maskedViewer_seesNoContentAndMayNotSearchIt() {
        List<AuditEvent> page =
                events.find(
                                AUDITOR,
                                EventFilter.ALL,
                                EventOrder.NEWEST_FIRST,
                                PageRequest.first(200, null))
                        .nodes();
        assertThat(page)
                .hasSize(200)
                .allSatisfy(
                        event -> {
                            assertThat(event.content().params())
                                    .isIn(null, "\"" + Disclosure.MASKED + "\"");
                            assertThat(event.content().reasoning()).isIn(null, Disclosure.MASKED);
                            assertThat(event.content().userId()).isIn(null, Disclosure.MASKED);
                        });
        assertThatThrownBy(
                        () -> events.count(AUDITOR, EventFilter.builder().text("because").build()))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(
                        () -> events.count(AUDITOR, EventFilter.builder().userId("user-1").build()))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void administrator_readsNothing() {
        assertThatThrownBy(() -> events.count(ADMIN, EventFilter.ALL))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> query.byId(ADMIN, "trace-1"))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void badInput_isSaidSo() {
        List<EventFilter> bad = new ArrayList<>();
        bad.add(EventFilter.builder().from(START).to(START).build());
        bad.add(EventFilter.builder().text("!!!").build());
        bad.add(EventFilter.builder().traceId("a\0b").build());
        for (EventFilter filter : bad) {
            assertThatThrownBy(() -> events.count(OFFICER, filter))
                    .isInstanceOf(BadInputException.class);
        }
        assertThatThrownBy(
                        () ->
                                events.find(
                                        OFFICER,
                                        EventFilter.ALL,
                                        EventOrder.NEWEST_FIRST,
                                        PageRequest.first(10, "no cursor")))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> PageRequest.first(1001, null))
                .isInstanceOf(BadInputException.class);
    }
}
