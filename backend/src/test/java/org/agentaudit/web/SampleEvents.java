package org.agentaudit.web;

import static org.agentaudit.event.EventBuilder.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Decision;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.proof.Prover;
import org.agentaudit.store.NewEvent;

/// Events that give every page something to show, hostile texts among them.
final class SampleEvents {

    static final String REFUND_TRACE = "refund/2026-11-21 #1";
    static final String SLASHED_AGENT = "ops/release-manager";
    static final String HOSTILE =
            "<script>document.title='owned'</script><img src=x onerror=alert(1)>";

    private static final List<String> AGENTS =
            List.of(
                    "support-agent",
                    "research-agent",
                    SLASHED_AGENT,
                    "billing-agent",
                    "code-agent");
    private static final List<String> TOOLS =
            List.of("search_orders", "get_order", "read_file", "run_tests", "send_mail");

    private SampleEvents() {}

    /// The refund incident of ten events (checklist A8.3), from `start` on.
    static List<AuditEvent> refund(Instant start) {
        List<EventBuilder> steps =
                List.of(
                        step(
                                        "received",
                                        start,
                                        0,
                                        EventType.INVOCATION,
                                        "router-agent",
                                        "task_received")
                                .ms(0)
                                .outcome(Outcome.SUCCESS)
                                .user("user-17")
                                .params("{\"task\":\"Refund order 8812, it arrived broken\"}")
                                .summary("Task received: [MASKED]"),
                        step("reason", start, 1, EventType.REASONING, "support-agent", "reasoning")
                                .ms(1200)
                                .outcome(Outcome.SUCCESS)
                                .parent("received")
                                .reasoning(
                                        "The order is eligible for a refund if it was delivered within 30 days.")
                                .summary("reasoning"),
                        step(
                                        "get_order",
                                        start,
                                        2,
                                        EventType.TOOL_CALL,
                                        "support-agent",
                                        "get_order")
                                .ms(300)
                                .outcome(Outcome.SUCCESS)
                                .parent("reason")
                                .params(
                                        "{\"order_id\":8812,\"fields\":[\"status\",\"delivered_at\",\"total\"]}")
                                .result(
                                        "{\"status\":\"delivered\",\"total\":129.9,\"note\":\""
                                                + HOSTILE.replace("\"", "\\\"")
                                                + "\"}")
                                .summary("Called tool 'get_order' with 2 params"),
                        step("decide", start, 3, EventType.DECISION, "support-agent", "escalate")
                                .ms(500)
                                .outcome(Outcome.SUCCESS)
                                .parent("get_order")
                                .decision(
                                        new Decision(
                                                "Who handles the refund?",
                                                List.of(
                                                        new Decision.DecisionOption(
                                                                "escalate",
                                                                "above the limit of 100 USD",
                                                                0.92),
                                                        new Decision.DecisionOption(
                                                                "refund", null, 0.4)),
                                                "escalate",
                                                0.92))
                                .summary("Decision: escalate (confidence: 92%)"),
                        step(
                                        "handoff",
                                        start,
                                        4,
                                        EventType.HANDOFF,
                                        "support-agent",
                                        "billing-agent")
                                .ms(100)
                                .outcome(Outcome.SUCCESS)
                                .parent("decide")
                                .handoff("support-agent", "billing-agent", 1)
                                .summary("Handoff to billing-agent"),
                        step(
                                        "refund",
                                        start,
                                        5,
                                        EventType.TOOL_CALL,
                                        "billing-agent",
                                        "process_refund")
                                .ms(12300)
                                .failed("TimeoutError", "refund API answered 503 after 12.3 s")
                                .parent("handoff")
                                .params("{\"order_id\":8812,\"amount\":129.9}")
                                .summary("Called tool 'process_refund' with 2 params"),
                        step("retry", start, 18, EventType.RETRY, "billing-agent", "process_refund")
                                .ms(12100)
                                .failed("TimeoutError", "refund API answered 503 after 12.1 s")
                                .parent("refund")
                                .summary("process_refund"),
                        step(
                                        "breaker",
                                        start,
                                        32,
                                        EventType.CIRCUIT_BREAKER,
                                        "billing-agent",
                                        "refund_api_open")
                                .ms(0)
                                .parent("retry")
                                .summary("refund_api_open"),
                        step(
                                        "fallback",
                                        start,
                                        33,
                                        EventType.FALLBACK,
                                        "billing-agent",
                                        "queue_refund")
                                .ms(200)
                                .outcome(Outcome.SUCCESS)
                                .parent("breaker")
                                .summary("queue_refund"),
                        step(
                                        "human",
                                        start,
                                        34,
                                        EventType.HUMAN_INTERVENTION,
                                        "billing-agent",
                                        "escalate_to_human")
                                .ms(100)
                                .outcome(Outcome.PENDING)
                                .parent("fallback")
                                .intervention(InterventionKind.ESCALATION)
                                .summary("Human escalation: escalate_to_human"));
        return steps.stream().map(step -> step.trace(REFUND_TRACE).build()).toList();
    }

    /// Ordinary work of several agents over `days` days until `end`, and some every minute of the
    /// last hour.
    static List<AuditEvent> work(Instant end, int days) {
        Random random = new Random(7);
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < days * 12; i++) {
            Instant at = end.minus(Duration.ofMinutes((long) (random.nextDouble() * days * 1440)));
            run(events, "old-" + i, at, random);
        }
        for (int minute = 1; minute < 60; minute++) {
            if (random.nextInt(5) > 1) {
                run(events, "new-" + minute, end.minus(Duration.ofMinutes(minute)), random);
            }
        }
        return events;
    }

    private static void run(List<AuditEvent> events, String name, Instant at, Random random) {
        String agent = AGENTS.get(random.nextInt(AGENTS.size()));
        String tool = TOOLS.get(random.nextInt(TOOLS.size()));
        boolean fails = random.nextInt(14) == 0;
        events.add(
                event(name + "-start", at, EventType.INVOCATION, agent, "task")
                        .trace(name)
                        .ms(0)
                        .outcome(Outcome.SUCCESS)
                        .user("user-" + random.nextInt(9))
                        .summary(
                                "Task received: "
                                        + (random.nextInt(20) == 0
                                                ? HOSTILE
                                                : "look after order " + random.nextInt(9000)))
                        .build());
        EventBuilder call =
                event(name + "-call", at.plusMillis(400), EventType.TOOL_CALL, agent, tool)
                        .trace(name)
                        .parent(name + "-start")
                        .ms(120 + random.nextInt(2400))
                        .cost("0.00" + (10 + random.nextInt(80)))
                        .params("{\"q\":" + random.nextInt() + "}")
                        .summary("Called tool '" + tool + "' with 1 params");
        events.add(
                (fails
                                ? call.failed(
                                        random.nextBoolean() ? "TimeoutError" : "RateLimitError",
                                        "upstream said no")
                                : call.outcome(Outcome.SUCCESS))
                        .build());
        events.add(
                event(name + "-say", at.plusMillis(3400), EventType.LLM_RESPONSE, agent, "answer")
                        .trace(name)
                        .parent(name + "-call")
                        .ms(900 + random.nextInt(4000))
                        .outcome(fails ? Outcome.PARTIAL : Outcome.SUCCESS)
                        .result("{\"text\":\"done\"}")
                        .build());
    }

    static List<NewEvent> stored(List<AuditEvent> events) {
        return events.stream()
                .map(
                        event ->
                                new NewEvent(
                                        event,
                                        digest(event.envelope().id().toString()),
                                        1,
                                        new Prover()))
                .toList();
    }

    private static EventBuilder step(
            String name, Instant start, int second, EventType type, String agent, String action) {
        return event(name, start.plusSeconds(second), type, agent, action);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
