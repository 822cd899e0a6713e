package org.agentaudit.analysis;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.proof.Prover;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Forensics from the database: what is read of long traces, of whom, and how it is shown.
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForensicsIT implements TestPropertyProvider {
    private static final Instant START = Instant.parse("2026-03-10T08:00:00Z");
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));
    private static final Viewer AUDITOR = new Viewer("auditor", Set.of(Role.AUDITOR), List.of());
    private static final String LONG_PARAMS = "{\"q\":\"" + "needle ".repeat(2_000) + "\"}";

    @Inject EventStore store;
    @Inject TraceQuery traces;
    @Inject ForensicsQuery query;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @BeforeAll
    void load() throws Exception {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            events.add(
                    step("before", i - 1_000, EventType.TOOL_CALL, "ops/ann", "search")
                            .ms(100)
                            .build());
        }
        events.add(step("long", 0, EventType.TOOL_CALL, "ops/ann", "search").ms(9_000).build());
        events.add(
                step("long", 10, EventType.TOOL_CALL, "ops/ann", "write")
                        .failed("DiskError", "needle")
                        .params(LONG_PARAMS)
                        .build());
        for (int i = 11; i < 5_109; i++) {
            events.add(step("long", i, EventType.REASONING, "ops/ann", "think").build());
        }
        events.add(
                step("mixed", 0, EventType.TOOL_CALL, "hr/bob", "pay")
                        .failed("BankError", null)
                        .build());
        events.add(
                step("mixed", 1, EventType.TOOL_CALL, "ops/ann", "notify")
                        .failed("MailError", null)
                        .build());
        Prover prover = new Prover();
        store.append(
                        events.stream()
                                .map(
                                        event ->
                                                new NewEvent(
                                                        event,
                                                        RandomEvents.digest(event),
                                                        1,
                                                        prover))
                                .toList(),
                        List.of())
                .get();
    }

    @Test
    void of_longTrace_readsItsEndsComparesWithHistoryAndCitesWholeEvents() {
        Forensics forensics = of(OFFICER, "long");
        Statement cause = Objects.requireNonNull(forensics.rootCause());

        assertThat(cause.text()).isEqualTo("write, called by ops/ann, failed first: DiskError.");
        assertThat(cause.evidence().getFirst().content().params()).isEqualTo(LONG_PARAMS);
        assertThat(forensics.gaps())
                .extracting(Statement::text)
                .contains(
                        "Only the first 4000 and the last 1000 of 5100 events were analysed; what"
                                + " lies between is not in this account.");
        assertThat(forensics.contributingFactors())
                .extracting(Statement::text)
                .containsExactly(
                        "search of ops/ann took 9.0 s; its 25 calls before this trace took 100 ms in"
                                + " the median.");
    }

    @Test
    void of_maskedViewer_showsNoContentInTextOrEvidence() {
        assertThat(statements(of(AUDITOR, "long")))
                .isNotEmpty()
                .noneMatch(statement -> statement.text().contains("needle"))
                .allSatisfy(
                        statement ->
                                assertThat(statement.evidence())
                                        .isNotEmpty()
                                        .noneMatch(
                                                event ->
                                                        event.content()
                                                                .toString()
                                                                .contains("needle")));
    }

    @Test
    void of_scopedViewer_restsOnVisibleEventsAndSaysThatOthersWereLeftOut() {
        assertThat(Objects.requireNonNull(of(OFFICER, "mixed").rootCause()).text())
                .startsWith("pay, called by hr/bob,");

        Forensics forensics = of(OPS, "mixed");
        assertThat(Objects.requireNonNull(forensics.rootCause()).text())
                .startsWith("notify, called by ops/ann,");
        assertThat(statements(forensics))
                .noneMatch(statement -> statement.text().contains("bob"))
                .allSatisfy(
                        statement ->
                                assertThat(statement.evidence())
                                        .allMatch(
                                                event ->
                                                        event.envelope()
                                                                .agentId()
                                                                .startsWith("ops/")));
        assertThat(forensics.gaps())
                .extracting(Statement::text)
                .contains(
                        "1 event of agents outside your scope was left out: what failed among them is"
                                + " not in this account.");
    }

    private Forensics of(Viewer viewer, String trace) {
        return query.of(viewer, traces.byId(viewer, trace).orElseThrow());
    }

    private static List<Statement> statements(Forensics forensics) {
        return Stream.of(
                        Stream.ofNullable(forensics.rootCause()),
                        forensics.contributingFactors().stream(),
                        forensics.contradictions().stream(),
                        forensics.gaps().stream(),
                        forensics.recommendations().stream())
                .flatMap(stream -> stream)
                .toList();
    }

    private static EventBuilder step(
            String trace, int second, EventType type, String agent, String action) {
        return event(trace + second, START.plusSeconds(second), type, agent, action).trace(trace);
    }
}
