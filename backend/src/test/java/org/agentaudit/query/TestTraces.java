package org.agentaudit.query;

import static org.agentaudit.event.EventBuilder.event;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;

/// Traces made by hand, shared by the tests of forensics and its report.
public final class TestTraces {

    public static final String REFUND = "refund-incident-7f3a";

    private static final Instant START = Instant.parse("2026-03-01T14:23:01Z");

    private TestTraces() {}

    /// The ten events of the worked example (checklist A8.3), with the 503 of its story in the text
    /// of the last one.
    public static List<AuditEvent> refundIncident() {
        return List.of(
                step("e1", 0, EventType.INVOCATION, "Router", "task")
                        .ms(0)
                        .user("customer-81")
                        .params("{\"task\":\"Refund order 4711\"}")
                        .summary("Task received: Refund order 4711")
                        .build(),
                step("e2", 1, EventType.REASONING, "Support", "refund")
                        .parent("e1")
                        .ms(1200)
                        .reasoning("The customer asks for a refund; look the order up first.")
                        .summary("refund")
                        .build(),
                step("e3", 2, EventType.TOOL_CALL, "Support", "get_order")
                        .parent("e2")
                        .outcome(Outcome.SUCCESS)
                        .ms(300)
                        .params("{\"order_id\":\"4711\"}")
                        .summary("Called tool 'get_order' with 1 params")
                        .build(),
                step("e4", 3, EventType.DECISION, "Support", "escalate")
                        .parent("e3")
                        .ms(500)
                        .decision(new Decision("Who refunds?", List.of(), "escalate", 0.92))
                        .summary("Decision: escalate (confidence: 92%)")
                        .build(),
                step("e5", 4, EventType.HANDOFF, "Support", "Billing")
                        .parent("e4")
                        .handoff("Support", "Billing", 1)
                        .ms(100)
                        .summary("Handoff to Billing")
                        .build(),
                step("e6", 5, EventType.TOOL_CALL, "Billing", "process_refund")
                        .parent("e5")
                        .failed("TimeoutError", "no answer from process_refund")
                        .ms(12_300)
                        .params("{\"order_id\":\"4711\"}")
                        .summary("Called tool 'process_refund' with 1 params")
                        .build(),
                step("e7", 18, EventType.RETRY, "Billing", "process_refund")
                        .parent("e6")
                        .failed("TimeoutError", "no answer from process_refund")
                        .ms(12_100)
                        .summary("process_refund")
                        .build(),
                step("e8", 32, EventType.CIRCUIT_BREAKER, "Billing", "open")
                        .parent("e7")
                        .ms(0)
                        .summary("open")
                        .build(),
                step("e9", 33, EventType.FALLBACK, "Billing", "degraded")
                        .parent("e8")
                        .outcome(Outcome.SUCCESS)
                        .ms(200)
                        .summary("degraded")
                        .build(),
                step("e10", 34, EventType.HUMAN_INTERVENTION, "Billing", "escalation")
                        .parent("e9")
                        .intervention(InterventionKind.ESCALATION)
                        .ms(100)
                        .params("{\"reason\":\"refund API returned 503 errors\"}")
                        .summary("Human escalation: escalation")
                        .build());
    }

    private static EventBuilder step(
            String name, int second, EventType type, String agent, String action) {
        return event(name, START.plusSeconds(second), type, agent, action)
                .trace(REFUND)
                .arrival(second + 1);
    }

    /// The trace these events make, as [TraceQuery] would give it.
    public static Trace trace(List<AuditEvent> events) {
        List<Envelope> ordered =
                events.stream().map(AuditEvent::envelope).sorted(CallPairing.ORDER).toList();
        Instant end =
                ordered.stream()
                        .map(Envelope::endedAt)
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        Instant start = ordered.getFirst().occurredAt();
        List<UUID> ids = ordered.stream().map(Envelope::id).toList();
        long missing =
                ordered.stream()
                        .map(Envelope::parentEventId)
                        .filter(parent -> parent != null && !ids.contains(parent))
                        .distinct()
                        .count();
        long unpaired =
                CallPairing.of(ordered).calls().stream().filter(CallPairing.Call::unpaired).count();
        return new Trace(
                ordered.getFirst().traceId(),
                start,
                end,
                Duration.between(start, end).toNanos() / 1e6,
                ordered.stream().map(Envelope::agentId).distinct().toList(),
                ordered.size(),
                ordered.stream().filter(Envelope::errored).count(),
                ordered.stream().anyMatch(Envelope::errored) ? Outcome.FAILURE : Outcome.SUCCESS,
                TokenCounts.ZERO,
                new BigDecimal("0.0123"),
                0,
                new Completeness(
                        ordered.size(),
                        ordered.stream().map(Envelope::agentId).distinct().count(),
                        0,
                        unpaired,
                        missing,
                        ordered.stream()
                                .filter(Envelope::traceDerived)
                                .map(Envelope::traceId)
                                .distinct()
                                .count(),
                        0,
                        List.of(),
                        0,
                        0));
    }

    public static List<TimelineEntry> timeline(List<AuditEvent> events) {
        List<AuditEvent> ordered =
                events.stream()
                        .sorted(Comparator.comparing(AuditEvent::envelope, CallPairing.ORDER))
                        .toList();
        return TimelineStatuses.of(
                ordered, CallPairing.of(ordered.stream().map(AuditEvent::envelope).toList()));
    }
}
