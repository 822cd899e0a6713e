package org.agentaudit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.jspecify.annotations.Nullable;

/// One failed run of several agents of the data set Who&When, with its label: which agent made the
/// decisive mistake at which step. Events are made from `question` and `history` alone; the label
/// (`mistake_agent`, `mistake_step`, `mistake_reason`, `ground_truth`, `is_correct`) is kept apart.
/// As a collector of such a run would record it: what an agent says is a model response, a change
/// of the speaker a handoff, and what the terminal answers a call and its result.
///
/// @param design      whether it belongs to the half that may be looked at: the first byte of the
///     SHA-256 of `question_ID` is even
/// @param events      in order
/// @param stepOfEvent place in `history` by event id
/// @param speakers    by step; null where the terminal or nobody speaks
record LabelledRun(
        boolean design,
        String mistakenAgent,
        int mistakenStep,
        List<AuditEvent> events,
        Map<UUID, Integer> stepOfEvent,
        List<@Nullable String> speakers) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TOOL = "execute_code";
    private static final Pattern EXIT_CODE = Pattern.compile("\\Aexitcode: (-?[0-9]+)");
    private static final Pattern ERROR_TYPE =
            Pattern.compile("(?m)^[A-Za-z_.]*?([A-Za-z_]*(?:Error|Exception|Timeout))\\b");

    /// @throws IllegalArgumentException when it is no run of that data set
    static LabelledRun of(JsonNode run) {
        JsonNode history = run.path("history");
        if (!history.isArray() || !run.has("mistake_agent") || !run.has("mistake_step")) {
            throw new IllegalArgumentException("not a labelled run");
        }
        Reader reader = new Reader();
        reader.read(run.path("question").asText(""), history);
        return new LabelledRun(
                sha256(run.path("question_ID").asText(""))[0] % 2 == 0,
                run.path("mistake_agent").asText(),
                run.path("mistake_step").asInt(),
                List.copyOf(reader.events),
                Map.copyOf(reader.steps),
                reader.speakers);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static final class Reader {
        private final List<AuditEvent> events = new ArrayList<>();
        private final Map<UUID, Integer> steps = new HashMap<>();
        private final List<@Nullable String> speakers = new ArrayList<>();
        private @Nullable String previous;
        private @Nullable UUID previousId;

        void read(String question, JsonNode history) {
            boolean named = false;
            for (JsonNode entry : history) {
                named |= entry.has("name");
            }
            if (named) {
                add(0, EventType.INVOCATION, "group-chat", "task", task(question), null);
            }
            for (int step = 0; step < history.size(); step++) {
                JsonNode entry = history.get(step);
                String text = entry.path("content").asText("");
                String who = entry.path(named ? "name" : "role").asText("?");
                speakers.add(null);
                if (who.startsWith("Computer_terminal") || who.startsWith("ComputerTerminal")) {
                    terminal(step, text);
                } else if (!named && who.equals("human")) {
                    add(step, EventType.INVOCATION, "human", "task", task(text), null);
                } else {
                    String agent = named ? who : who.replaceFirst(" \\(.*", "");
                    speakers.set(step, agent);
                    message(step, agent, who, text);
                }
            }
        }

        private void message(int step, String agent, String who, String text) {
            if (who.endsWith("(thought)")) {
                add(step, EventType.REASONING, agent, "thought", null, text);
            } else if (who.contains("(-> ")) {
                String to = who.substring(who.indexOf("(-> ") + 4, who.length() - 1);
                previousId = add(step, EventType.HANDOFF, agent, to, null, text);
            } else {
                if (previous != null && !agent.equals(previous)) {
                    previousId = add(step, EventType.HANDOFF, previous, agent, null, null);
                }
                previousId = add(step, EventType.LLM_RESPONSE, agent, "llm_response", null, text);
            }
            previous = agent;
        }

        private void terminal(int step, String text) {
            Matcher code = EXIT_CODE.matcher(text);
            if (!code.find()) {
                return; // the terminal's "there is no code to run" is no result
            }
            boolean failed = !code.group(1).equals("0");
            String agent = previous == null ? "group-chat" : previous;
            UUID parent = previousId;
            UUID call =
                    event(
                            step,
                            EventType.TOOL_CALL,
                            agent,
                            TOOL,
                            Content.NONE,
                            failed ? errorType(text) : null,
                            failed);
            previousId = call;
            add(step, EventType.TOOL_RESULT, agent, TOOL, null, text);
            previousId = parent;
        }

        private static String errorType(String text) {
            String type = "CommandError";
            Matcher matcher = ERROR_TYPE.matcher(text);
            while (matcher.find()) {
                type = matcher.group(1);
            }
            return type;
        }

        private static String task(String question) {
            return JsonNodeFactory.instance.objectNode().put("task", question).toString();
        }

        private UUID add(
                int step,
                EventType type,
                String agent,
                String action,
                @Nullable String params,
                @Nullable String text) {
            String result =
                    text == null ? null : JsonNodeFactory.instance.textNode(text).toString();
            return event(
                    step,
                    type,
                    agent,
                    action,
                    new Content(params, result, null, null, null, null, null),
                    null,
                    false);
        }

        private UUID event(
                int step,
                EventType type,
                String agent,
                String action,
                Content content,
                @Nullable String errorType,
                boolean failed) {
            int number = events.size();
            UUID id = new UUID(step, number + 1L);
            Instant at = START.plusSeconds(number);
            Outcome outcome =
                    failed
                            ? Outcome.FAILURE
                            : type == EventType.TOOL_RESULT ? Outcome.SUCCESS : Outcome.UNKNOWN;
            Envelope envelope =
                    new Envelope(
                            id,
                            at,
                            at,
                            number + 1L,
                            type,
                            type.name(),
                            agent,
                            "run",
                            false,
                            previousId,
                            null,
                            null,
                            null,
                            Source.AGENT,
                            action,
                            0,
                            null,
                            type == EventType.HANDOFF ? new Handoff(agent, action, 1) : null,
                            null,
                            outcome,
                            failed,
                            errorType,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            List.of(),
                            null,
                            RetentionTier.INFO,
                            action,
                            List.of(),
                            SourceFormat.AUDIT_EVENT,
                            null,
                            null);
            events.add(new AuditEvent(envelope, content));
            steps.put(id, step);
            return id;
        }
    }

    static JsonMapper json() {
        return JSON;
    }
}
