package org.agentaudit.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Flat audit events (contract, seed 003) of agents at work: the same seed gives the same bytes.
/// Thirty traces run side by side; each is an invocation, then rounds of reasoning, model
/// responses, token counts, calls and their results, now and then a decision, a hand-off, a human,
/// an error. One call in twenty-five fails, one result in fifty is a few kilobytes long; most
/// events have 550 to 700 bytes.
public final class EventGenerator {
    /// What the events are like, for the report.
    public static final String DESCRIPTION =
            "flat audit events of 40 agents, 30 traces side by side, one day";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final long DAY_MILLIS = 86_400_000;
    private static final Instant FIRST_DAY = Instant.parse("2026-03-02T00:00:00Z");
    private static final int SIDE_BY_SIDE = 30;
    private static final int AGENTS = 40;
    private static final int FAILS_ONE_IN = 25;
    private static final int LONG_ONE_IN = 50;
    private static final List<String> TEAMS =
            List.of("support", "ops", "billing", "research", "data", "security", "sales", "legal");
    private static final List<String> ROLES =
            List.of("planner", "resolver", "analyst", "reviewer", "release-manager");
    private static final List<String> MODELS =
            List.of(
                    "anthropic/claude-haiku-4-5",
                    "anthropic/claude-sonnet-4-5",
                    "openai/gpt-4o-mini",
                    "google/gemini-2.5-flash");
    private static final List<String> TOOLS =
            List.of("Read", "Grep", "Bash", "get_order", "query_database", "web_search", "Edit");
    private static final List<String> ERRORS =
            List.of("TimeoutError", "RateLimitError", "ValidationError", "PermissionError");
    private static final List<String> TASKS =
            List.of(
                    "Customer asks why order %d was charged twice",
                    "Summarise incident %d for the weekly report",
                    "Prüfe Rechnung %d auf Abweichungen – dringend",
                    "顧客 %d の請求を確認する",
                    "Answer: \"where is my parcel %d?\"");
    private static final List<String> THOUGHTS =
            List.of(
                    "The order was paid twice, so both payments have to be compared first.",
                    "The customer record is needed before anything can be decided.",
                    "The error rate is five times the baseline, a rollback is the safer option.",
                    "Two sources disagree; the newer one was written after the incident.");
    private static final List<String> ANSWERS =
            List.of(
                    "The second charge was refunded and the customer was told.",
                    "All checks passed, nothing else has to be done for this case.",
                    "The cause was found and a ticket was opened for the team in charge.");

    private final SplittableRandom random;
    private final List<Deque<ObjectNode>> running = new ArrayList<>();
    private final long start;
    private final double step;
    private long made;

    /// @param seed  same seed and count: same events
    /// @param day   0, 1, …: which day the events lie in
    /// @param count how many will be asked for, spread over the day
    public EventGenerator(long seed, int day, int count) {
        this.random = new SplittableRandom(seed);
        this.start = FIRST_DAY.toEpochMilli() + day * DAY_MILLIS;
        this.step = (double) DAY_MILLIS / Math.max(1, count);
        for (int i = 0; i < SIDE_BY_SIDE; i++) {
            running.add(new ArrayDeque<>());
        }
    }

    /// The next event as UTF-8 JSON; in order of time.
    public byte[] next() {
        Deque<ObjectNode> trace = running.get(random.nextInt(SIDE_BY_SIDE));
        if (trace.isEmpty()) {
            plan(trace);
        }
        ObjectNode event = trace.removeFirst();
        event.put("timestamp", Instant.ofEpochMilli(start + (long) (made++ * step)).toString());
        try {
            return JSON.writeValueAsBytes(event);
        } catch (IOException e) {
            throw new UncheckedIOException("a tree of texts and numbers is always written", e);
        }
    }

    /// What one trace goes through, without times.
    private final class Script {
        private final Deque<ObjectNode> events;
        private final String trace = uuid();
        private final String session = uuid();
        private final String agent = agent();
        private final String model = pick(MODELS);
        private String parent = "";

        Script(Deque<ObjectNode> events) {
            this.events = events;
        }

        /// @param params null: none
        /// @param result null: none
        ObjectNode event(
                String type,
                String action,
                @Nullable ObjectNode params,
                @Nullable String result,
                double durationMs) {
            String id = uuid();
            ObjectNode event = NODES.objectNode();
            event.put("event_id", id)
                    .put("event_type", "agent." + type)
                    .put("agent_name", agent)
                    .put("task_id", "task-" + trace.substring(0, 8))
                    .put("session_id", session)
                    .put("action", action);
            event.set("params", params == null ? NODES.objectNode() : params);
            event.put("result", result)
                    .put("reasoning", "")
                    .put("confidence", 0.0)
                    .put("source", agent)
                    .put("parent_event_id", parent.isEmpty() ? null : parent)
                    .put("trace_id", trace)
                    .put("duration_ms", durationMs)
                    .put("token_count", 0)
                    .put("model", model)
                    .put("version", "2.4.6")
                    .putNull("error")
                    .putNull("error_type");
            events.add(event);
            parent = id;
            return event;
        }
    }

    private void plan(Deque<ObjectNode> events) {
        Script script = new Script(events);
        String task = pick(TASKS).formatted(random.nextInt(1_000_000));
        script.event("invocation", "invocation", text("task", task), null, 0).put("source", "user");
        int rounds = 2 + random.nextInt(6);
        for (int i = 0; i < rounds; i++) {
            round(script);
        }
        if (random.nextInt(12) == 0) {
            script.event("handoff", "handoff", text("target_agent", agent()), null, 0);
        }
        if (random.nextInt(20) == 0) {
            script.event("human_intervention", "approve", text("kind", "approve"), null, 0);
        }
        script.event(
                "llm_response", "llm_response", null, pick(ANSWERS), 400 + random.nextInt(900));
    }

    private void round(Script script) {
        if (random.nextInt(3) == 0) {
            script.event("reasoning", "reasoning", null, null, 0).put("reasoning", pick(THOUGHTS));
        }
        script.event(
                "llm_response", "llm_response", null, pick(ANSWERS), 300 + random.nextInt(4000));
        int prompt = 500 + random.nextInt(9000);
        int completion = 20 + random.nextInt(400);
        ObjectNode usage =
                NODES.objectNode()
                        .put("prompt_tokens", prompt)
                        .put("completion_tokens", completion)
                        .put("cached_tokens", prompt / 4);
        script.event("token_usage", "token_usage", usage, null, 0)
                .put("token_count", prompt + completion);
        if (random.nextInt(15) == 0) {
            ObjectNode options = NODES.objectNode().put("question", "Which way first?");
            options.putArray("options").add("refund").add("ask a human");
            script.event("decision", "decision", options.put("chosen", "refund"), null, 0)
                    .put("confidence", 0.5 + random.nextInt(50) / 100.0)
                    .put("reasoning", pick(THOUGHTS));
        }
        call(script);
    }

    private void call(Script script) {
        String tool = pick(TOOLS);
        double took = 5 + random.nextInt(900);
        boolean fails = random.nextInt(FAILS_ONE_IN) == 0;
        ObjectNode params =
                NODES.objectNode()
                        .put("path", "/srv/app/src/order_" + random.nextInt(400) + ".py")
                        .put("query", "case " + random.nextInt(10_000));
        ObjectNode call = script.event("tool_call", "tool_call:" + tool, params, null, took);
        if (fails) {
            call.put("error", "request timed out after 10s").put("error_type", pick(ERRORS));
        }
        ObjectNode answer = text("tool_call_id", script.parent).put("is_error", fails);
        String result = random.nextInt(LONG_ONE_IN) == 0 ? document() : "ok";
        script.event("tool_result", "tool_result:" + tool, answer, result, took)
                .put("source", "tool");
    }

    private String document() {
        StringBuilder text = new StringBuilder();
        int lines = 10 + random.nextInt(60);
        for (int i = 0; i < lines; i++) {
            text.append("row ").append(random.nextInt(100_000)).append(": ").append(pick(ANSWERS));
            text.append('\n');
        }
        return text.toString();
    }

    private static ObjectNode text(String name, String value) {
        return NODES.objectNode().put(name, value);
    }

    private String agent() {
        int number = Math.min(random.nextInt(AGENTS), random.nextInt(AGENTS));
        return TEAMS.get(number % TEAMS.size()) + "/" + ROLES.get(number / TEAMS.size());
    }

    private String pick(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private String uuid() {
        return new UUID(
                        random.nextLong() & ~0xF000L | 0x4000L,
                        random.nextLong() >>> 2 | Long.MIN_VALUE)
                .toString();
    }
}
