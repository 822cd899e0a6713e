package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// `check` as a pipeline runs it: real files, a database of its own.
class CheckCommandIT {
    private static final long START = Instant.parse("2026-11-18T10:00:00Z").getEpochSecond();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir Path folder;

    private int run(Object... arguments) {
        Application application = new Application();
        try {
            return Application.commandLine(application)
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err))
                    .execute(
                            Stream.concat(
                                            Stream.of("check"),
                                            Stream.of(arguments).map(Object::toString))
                                    .toArray(String[]::new));
        } finally {
            application.lifecycle().close();
        }
    }

    private static String line(
            String trace, int n, String type, String agent, Map<String, ?> others) {
        return JSON.createObjectNode()
                        .put("event_id", trace + "-" + n)
                        .put("event_type", "agent." + type)
                        .put("agent_name", agent)
                        .put("action", type)
                        .put("trace_id", trace)
                        .put("parent_event_id", n == 0 ? null : trace + "-0")
                        .put("timestamp", (double) START + n)
                        .setAll(
                                (com.fasterxml.jackson.databind.node.ObjectNode)
                                        JSON.valueToTree(others))
                + "\n";
    }

    /// A run that goes well, with so many model responses.
    private static String run(String trace, String agent, int responses) {
        StringBuilder lines = new StringBuilder(line(trace, 0, "invocation", agent, Map.of()));
        IntStream.rangeClosed(1, responses)
                .forEach(n -> lines.append(line(trace, n, "llm_response", agent, Map.of())));
        return lines.toString();
    }

    private static List<Path> temporaryFolders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(p -> p.getFileName().toString().startsWith("agent-audit-check"))
                    .toList();
        }
    }

    @Test
    void folderThatPasses_statusIsZero_andNothingIsLeft() throws Exception {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, 10).forEach(i -> lines.append(run("t" + i, "ops/good", 10)));
        try (GZIPOutputStream gzip =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.jsonl.gz")))) {
            gzip.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
        List<Path> before = temporaryFolders();
        // must not be looked at
        System.setProperty("datasources.default.url", "jdbc:postgresql://localhost:1/none");
        try {
            assertThat(run(folder, "--fail-on", "warn", "--severity", "critical"))
                    .as(() -> out + "\n" + err)
                    .isEqualTo(ExitCode.DONE);
        } finally {
            System.clearProperty("datasources.default.url");
        }
        assertThat(out.toString().lines())
                .anyMatch(line -> line.startsWith("PASS                   iteration_limit"))
                .anyMatch(line -> line.startsWith("PASS                   error_rate"))
                .contains(
                        "Checked 2026-11-18T10:00:00Z to 2026-11-18T10:00:10.000001Z: 110 events",
                        "PASSED");
        assertThat(temporaryFolders()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void folderThatFails_everyReportSaysWhy_andHostileNamesStayText() throws Exception {
        String hostile = "::error::\u001B[31mx\r\n::set-output name=a::b ##[group]";
        StringBuilder lines = new StringBuilder(run("over", hostile, 11));
        IntStream.range(0, 4).forEach(i -> lines.append(run("t" + i, "ops/good", 1)));
        lines.append(line("bad", 0, "invocation", hostile, Map.of()));
        lines.append(line("bad", 1, "error", hostile, Map.of("error", "no", "error_type", "E")));
        Files.writeString(folder.resolve("a.jsonl"), lines);
        Files.writeString(folder.resolve("::error::b.jsonl"), "{\"no\": \u001B[1m\n");
        Path sarif = folder.resolve("audit.sarif");
        Path junit = folder.resolve("audit.xml");
        Path json = folder.resolve("audit.report");
        assertThat(
                        run(
                                folder,
                                "--format",
                                "sarif",
                                "--out",
                                sarif,
                                "--format",
                                "junit",
                                "--out",
                                junit,
                                "--format",
                                "json",
                                "--out",
                                json))
                .as(() -> out + "\n" + err)
                .isEqualTo(ExitCode.DONE_WITH_FINDINGS);
        for (StringWriter written : List.of(out, err)) {
            assertThat(written.toString()).doesNotContain("\u001B", "##", "\r");
            assertThat(written.toString().lines()).noneMatch(line -> line.strip().startsWith("::"));
        }
        assertThat(out.toString().lines())
                .contains(
                        "FAILED",
                        "  Check iteration_limit fails.",
                        "  Check error_rate fails.",
                        "  Lines or files that could not be read, so were not checked: 1.")
                .anyMatch(
                        line ->
                                line.startsWith("CRITICAL  ITERATION_LIMIT")
                                        && line.contains("over"));
        List<String> rules = new ArrayList<>();
        for (JsonNode result : JSON.readTree(sarif.toFile()).path("runs").path(0).path("results")) {
            rules.add(result.path("ruleId").asText());
        }
        assertThat(rules)
                .contains("check/iteration_limit", "check/error_rate", "finding/iteration_limit");
        assertThat(Files.readString(junit))
                .contains("name=\"error_rate\" time=\"0\"><failure")
                .doesNotContain("\u001B");
        JsonNode report = JSON.readTree(json.toFile());
        assertThat(report.path("outcome").asText()).isEqualTo("FAILED");
        assertThat(report.path("compliance").path("verdict").asText()).isEqualTo("FAIL");
        assertThat(report.path("input").path("quarantined").asInt()).isEqualTo(1);
    }

    @Test
    void emptyFolder_isNoPass() {
        assertThat(run(folder, "--format", "junit")).isEqualTo(ExitCode.NOTHING_JUDGED);
        assertThat(out.toString()).contains("<skipped ").doesNotContain("<failure");
    }

    @Test
    void wrongUse_isSaidBeforeAnythingStarts() {
        assertThat(run(folder.resolve("none"))).isEqualTo(ExitCode.WRONG_USE);
        assertThat(run()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(run(folder, "--baseline-from", "2026-11-01")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(run(folder, "--format", "junit", "--format", "text"))
                .isEqualTo(ExitCode.WRONG_USE);
        assertThat(run(folder, "--out", folder)).isEqualTo(ExitCode.WRONG_USE);
        assertThat(run(folder, "--format", "html")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("4 nothing could be judged");
    }

    @Test
    void exampleWorkflow_isYamlWithLeastPermissions() throws Exception {
        Path file =
                Path.of(
                        System.getProperty("basedir", "."),
                        "..",
                        ".github/workflows/agent-audit.yml");
        Map<?, ?> workflow;
        try (InputStream in = Files.newInputStream(file)) {
            workflow = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
        }
        assertThat(workflow.get("permissions")).isEqualTo(Map.of());
        // YAML 1.1 reads the key "on" as true
        Map<?, ?> triggers = (Map<?, ?>) workflow.get(true);
        assertThat(triggers.keySet()).hasToString("[schedule, workflow_dispatch]");
        Map<?, ?> jobs = (Map<?, ?>) workflow.get("jobs");
        assertThat(((Map<?, ?>) jobs.get("check")).get("if").toString())
                .contains("vars.AGENT_AUDIT == 'true'", "fork");
        assertThat(((Map<?, ?>) jobs.get("check")).get("permissions"))
                .isEqualTo(Map.of("contents", "read"));
        assertThat(Files.readString(file)).doesNotContain("pull_request", "write-all", "secrets.");
    }
}
