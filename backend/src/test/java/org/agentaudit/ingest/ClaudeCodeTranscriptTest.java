package org.agentaudit.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.ingest.normal.EventIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the lines of a Claude Code transcript become.
class ClaudeCodeTranscriptTest {
    private final PipelineFixture fixture = new PipelineFixture();
    private int lines;
    @TempDir Path folder;

    /// A line that follows the one before.
    private String line(String type, String members) {
        lines++;
        return "{\"type\":\"%s\",\"uuid\":\"%s\",\"parentUuid\":%s,\"sessionId\":\"s\",\"cwd\":\"/w\",\"timestamp\":\"2026-11-21T11:%02d:%02dZ\",%s}"
                .formatted(
                        type,
                        uuid(lines),
                        lines == 1 ? "null" : "\"" + uuid(lines - 1) + "\"",
                        lines / 60,
                        lines % 60,
                        members);
    }

    private static UUID uuid(int line) {
        return new UUID(7, line);
    }

    private String user(String content) {
        return line("user", "\"message\":{\"role\":\"user\",\"content\":" + content + "}");
    }

    private String assistant(String message, int output, String block) {
        return line(
                "assistant",
                "\"requestId\":\"r-%s\",\"message\":{\"id\":\"%s\",\"model\":\"claude-opus-4-6\",\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":20,\"cache_creation_input_tokens\":7,\"output_tokens\":%d},\"content\":[%s]}"
                        .formatted(message, message, output, block));
    }

    private static String thinking(String text) {
        return "{\"type\":\"thinking\",\"thinking\":\"" + text + "\",\"signature\":\"x\"}";
    }

    private static String text(String text) {
        return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    }

    private static String use(String id, String tool, String input) {
        return "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":%s}"
                .formatted(id, tool, input);
    }

    private static String result(String id, String content) {
        return "[{\"type\":\"tool_result\",\"tool_use_id\":\"%s\",\"content\":\"%s\"}]"
                .formatted(id, content);
    }

    private void ingest(String... body) {
        IngestResult result = fixture.lines(String.join("\n", body));
        assertThat(result.rejected()).isEmpty();
        assertThat(result.accepted() + result.duplicates()).isEqualTo(body.length);
    }

    private List<Envelope> events() {
        return fixture.all().stream().map(AuditEvent::envelope).toList();
    }

    private List<EventType> types() {
        return events().stream().map(Envelope::type).toList();
    }

    private AuditEvent first(EventType type) {
        return fixture.all().stream()
                .filter(event -> event.envelope().type() == type)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void turn_isOneTraceWithParents() {
        ingest(
                user("\"go\""),
                assistant("m", 1, thinking("hm")),
                assistant("m", 9, text("I will.")),
                assistant("m", 9, use("t", "Bash", "{\"command\":\"ls\"}")),
                user(result("t", "a b")),
                user("\"next\""));
        assertThat(types())
                .containsExactly(
                        EventType.INVOCATION,
                        EventType.REASONING,
                        EventType.LLM_RESPONSE,
                        EventType.TOOL_CALL,
                        EventType.TOOL_RESULT,
                        EventType.INVOCATION);
        List<Envelope> events = events();
        assertThat(events.getFirst().id()).isEqualTo(uuid(1));
        assertThat(events.stream().limit(5).map(Envelope::traceId))
                .containsOnly(uuid(1).toString());
        assertThat(events.getLast().traceId()).isEqualTo(uuid(6).toString());
        assertThat(events.getLast().parentEventId()).isNull();
        assertThat(events.stream().noneMatch(Envelope::traceDerived)).isTrue();
        for (int i = 1; i < 5; i++) {
            assertThat(events.get(i).parentEventId()).isEqualTo(events.get(i - 1).id());
        }
        assertThat(events.get(4).action()).isEqualTo("Bash");
    }

    /// Repeated on each line of a message, complete only on the last: counted once and whole.
    @Test
    void usage_countsOncePerRequest() {
        ingest(
                user("\"go\""),
                assistant("m", 1, use("t", "Bash", "{}")),
                assistant("m", 250, use("t2", "Bash", "{}")));
        AuditEvent response = first(EventType.LLM_RESPONSE);
        assertThat(response.envelope().id()).isEqualTo(EventIds.fromText("cc:s:request:r-m"));
        assertThat(response.envelope().tokens()).isEqualTo(new TokenCounts(30, 250, 20));
        assertThat(response.envelope().cost()).isNotNull();
        assertThat(types()).containsOnlyOnce(EventType.LLM_RESPONSE);
    }

    /// The last line of a message may lie in the next batch of an import.
    @Test
    void usage_isKnownAcrossBatchesOfAFile() throws Exception {
        StringBuilder file = new StringBuilder(user("\"go\"")).append('\n');
        while (lines < 1_999) {
            file.append(user("\"again\"")).append('\n');
        }
        file.append(assistant("m", 1, use("t", "Bash", "{}"))).append('\n');
        file.append(assistant("m", 77, use("t2", "Bash", "{}"))).append('\n');
        importFile("a.jsonl", file.toString());
        assertThat(first(EventType.LLM_RESPONSE).envelope().tokens())
                .isEqualTo(new TokenCounts(30, 77, 20));
        assertThat(types()).containsOnlyOnce(EventType.LLM_RESPONSE);
    }

    private ImportResult importFile(String name, String text)
            throws IOException, InterruptedException {
        Files.writeString(folder.resolve(name), text);
        return fixture.files().run(List.of(folder), null, false, (total, done, events) -> {});
    }

    @Test
    void subAgents_haveTheirNamesAndTheirCallersTrace() throws Exception {
        String task = use("t", "Agent", "{\"subagent_type\":\"Explore\",\"prompt\":\"look\"}");
        String main =
                Stream.of(
                                user("\"go\""),
                                assistant("m", 1, task),
                                line(
                                        "progress",
                                        "\"parentToolUseID\":\"t\",\"data\":{\"type\":\"agent_progress\",\"agentId\":\"b\",\"message\":{\"type\":\"assistant\",\"uuid\":\"n1\",\"timestamp\":\"2026-11-21T11:00:09Z\",\"message\":{\"id\":\"m2\",\"content\":["
                                                + use("t3", "Read", "{}")
                                                + "]}}}"),
                                line(
                                        "user",
                                        "\"toolUseResult\":{\"agentId\":\"a\",\"totalDurationMs\":5},\"message\":{\"content\":"
                                                + result("t", "done")
                                                + "}"))
                        .collect(Collectors.joining("\n"));
        String sub =
                "{\"type\":\"assistant\",\"uuid\":\"x1\",\"parentUuid\":null,\"isSidechain\":true,\"agentId\":\"a\",\"sessionId\":\"s\",\"message\":{\"id\":\"m3\",\"content\":["
                        + use("t4", "Grep", "{}")
                        + "]}}";
        Files.createDirectories(folder.resolve("s/subagents"));
        Files.writeString(folder.resolve("s/subagents/agent-a.jsonl"), sub);
        importFile("s.jsonl", main);
        for (String tool : List.of("Read", "Grep")) {
            Envelope call =
                    events().stream()
                            .filter(e -> e.action().equals(tool))
                            .findFirst()
                            .orElseThrow();
            assertThat(call.agentId()).isEqualTo("Explore");
            assertThat(call.traceId()).isEqualTo(uuid(1).toString());
        }
        List<Envelope> handoffs =
                events().stream().filter(e -> e.type() == EventType.HANDOFF).toList();
        assertThat(handoffs).hasSize(2); // two agents ran
        assertThat(handoffs.getFirst().handoff())
                .isEqualTo(new Handoff("claude-code/main", "Explore", 1));
        assertThat(handoffs.getFirst().parentEventId()).isEqualTo(EventIds.fromText("cc:s:t"));
        assertThat(
                        events().stream()
                                .filter(e -> e.type() == EventType.TOOL_RESULT)
                                .map(Envelope::durationMs))
                .containsExactly(5d);
    }

    @Test
    void whatTheProductWrites_isNoPrompt() {
        ingest(
                user("\"go\""),
                user("\"<local-command-stdout>x</local-command-stdout>\""),
                line("user", "\"isMeta\":true,\"message\":{\"content\":\"Caveat\"}"),
                line("user", "\"isCompactSummary\":true,\"message\":{\"content\":\"so far\"}"),
                user("[" + text("[Request interrupted by user for tool use]") + "]"));
        assertThat(types())
                .containsExactly(
                        EventType.INVOCATION,
                        EventType.OTHER,
                        EventType.OTHER,
                        EventType.OTHER,
                        EventType.HUMAN_INTERVENTION);
    }

    @Test
    void errorsOfTheApi_areErrorsWithoutCost() {
        ingest(
                line(
                        "system",
                        "\"subtype\":\"api_error\",\"retryAttempt\":1,\"error\":{\"status\":529,\"error\":{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}}"),
                line(
                        "assistant",
                        "\"isApiErrorMessage\":true,\"error\":\"rate_limit\",\"message\":{\"id\":\"e\",\"model\":\"<synthetic>\",\"usage\":{\"input_tokens\":0},\"content\":["
                                + text("API Error")
                                + "]}"));
        assertThat(events().stream().map(Envelope::type)).containsOnly(EventType.ERROR);
        assertThat(events().stream().map(Envelope::errorType))
                .containsExactly("overloaded_error", "rate_limit");
        assertThat(fixture.all().getFirst().content().errorMessage()).isEqualTo("Overloaded");
        assertThat(events().stream().allMatch(event -> event.tokens() == null)).isTrue();
    }

    /// A tool that reports again and again leaves one report beside its result.
    @Test
    void progress_isKeptOncePerCall() {
        String[] body = new String[200];
        for (int i = 0; i < body.length; i++) {
            body[i] =
                    line(
                            "progress",
                            "\"toolUseID\":\"b"
                                    + i
                                    + "\",\"parentToolUseID\":\"t\",\"data\":{\"type\":\"bash_progress\",\"fullOutput\":\""
                                    + i
                                    + "\"}");
        }
        for (int from = 0; from < body.length; from += 100) {
            ingest(List.of(body).subList(from, from + 100).toArray(String[]::new));
        }
        assertThat(types()).containsExactly(EventType.OTHER);
    }

    @Test
    void linesOfEveryOtherType_areKeptWhole() {
        ingest(
                "{\"type\":\"summary\",\"summary\":\"Fix\",\"leafUuid\":\"l\"}",
                user("\"go\""),
                "{\"type\":\"file-history-snapshot\",\"messageId\":\"m\",\"isSnapshotUpdate\":false,\"snapshot\":{\"timestamp\":\"2026-11-21T09:00:00Z\"}}",
                "{\"type\":\"queue-operation\",\"operation\":\"enqueue\",\"timestamp\":\"2026-11-21T09:00:00Z\",\"sessionId\":\"s\",\"content\":\"later\"}",
                "{\"type\":\"mode\",\"mode\":\"plan\",\"sessionId\":\"s\"}",
                "{\"type\":\"of-next-year\",\"sessionId\":\"s\",\"novel\":1}",
                line("attachment", "\"attachment\":{\"type\":\"file\"}"),
                line("user", "\"message\":\"no object\""),
                line(
                        "assistant",
                        "\"message\":{\"content\":[1,null,{\"type\":\"novel\",\"a\":2}]}"),
                line("system", "\"subtype\":\"turn_duration\",\"durationMs\":5"));
        assertThat(types().stream().filter(type -> type == EventType.OTHER)).hasSize(9);
        assertThat(events().stream().map(Envelope::sessionId).skip(1)).containsOnly("s");
        assertThat(fixture.all().stream().map(event -> String.valueOf(event.content().params())))
                .anyMatch(params -> params.contains("\"novel\":1"))
                .anyMatch(params -> params.contains("enqueue"));
    }

    @Test
    void sameFileTwice_isOnlyDuplicates() throws Exception {
        String file =
                Stream.of(
                                user("\"go\""),
                                assistant("m", 1, thinking("hm")),
                                assistant("m", 9, use("t", "Bash", "{}")),
                                user(result("t", "x")))
                        .collect(Collectors.joining("\n"));
        assertThat(importFile("a.jsonl", file).accepted()).isEqualTo(4);
        ImportResult again = importFile("a.jsonl", file);
        assertThat(again.accepted()).isZero();
        assertThat(again.duplicates()).isEqualTo(4);
    }

    /// Lines of more than a mebibyte take another way: their texts are cut.
    @Test
    void line_ofManyCharacters_tellsTheSameEvents() {
        String large = "x".repeat(2 << 20);
        String file = "{\"file_path\":\"/w/a\",\"content\":\"" + large + "\"}";
        ingest(user("\"" + large + "\""), assistant("m", 9, use("t", "Write", file)));
        assertThat(types())
                .containsExactly(EventType.INVOCATION, EventType.LLM_RESPONSE, EventType.TOOL_CALL);
        assertThat(first(EventType.LLM_RESPONSE).envelope().tokens())
                .isEqualTo(new TokenCounts(30, 9, 20));
        assertThat(first(EventType.INVOCATION).content().params())
                .contains((1 << 20) + 64 + " characters left out");
        assertThat(first(EventType.TOOL_CALL).content().params())
                .isEqualTo(
                        "{\"file_path\":\"/w/a\",\"content\":\"[MINIMISED: 2097152 characters, 1 line]\"}");
    }

    @Test
    void answer_ofManyCharacters_isMinimisedWherever() {
        String large = "x".repeat(2 << 20);
        ingest(
                user("\"go\""),
                assistant("m", 9, use("t", "Read", "{\"file_path\":\"/w/a\"}")),
                line(
                        "user",
                        "\"toolUseResult\":{\"content\":\"short\",\"text\":\""
                                + large
                                + "\"},\"message\":{\"role\":\"user\",\"content\":"
                                + result("t", large)
                                + "}"));
        assertThat(first(EventType.TOOL_RESULT).content().unmapped())
                .contains("MINIMISED")
                .doesNotContain("short");
    }
}
