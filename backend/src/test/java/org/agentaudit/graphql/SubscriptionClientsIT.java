package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.junit.jupiter.api.Test;

/// The reference clients `graphql-ws` and `graphql-sse` in Node against a running portal. Needs
/// `node` and `npm`; with `CI=true` they must be there.
class SubscriptionClientsIT {
    private static final Path PROJECT = Path.of("src/test/node/subscriptions");
    private static final Path FOLDER = Path.of("target/node/subscriptions");
    private static final List<String> FILES =
            List.of("package.json", "package-lock.json", "subscriptions.mjs");

    @Test
    void referenceClients_subscribe() throws Exception {
        boolean installed = installed("node") && installed("npm");
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("node and npm").isTrue();
        }
        assumeTrue(installed, "node and npm are not installed");
        install();
        try (RunningPortal portal = new RunningPortal(TestDatabase.create(), Map.of())) {
            String token = portal.user("olga", List.of(), Role.COMPLIANCE_OFFICER);
            Map<String, JsonNode> told = run(portal, token);
            for (String client : List.of("socket", "stream")) {
                assertThat(told.get(client + "Query").at("/data/me/username").asText())
                        .isEqualTo("olga");
                assertThat(told.get(client + "Refused").asText()).isEqualTo("BAD_USER_INPUT");
                assertThat(told.get(client).toString())
                        .isEqualTo(
                                "[%1$s,%1$s]"
                                        .formatted(
                                                "{\"data\":{\"eventStored\":{\"action\":\"node-%s\",\"agentId\":\"a\","
                                                                .formatted(client)
                                                        + "\"trace\":{\"id\":\"t-%s\",\"eventCount\":2}}}}"
                                                                .formatted(client)));
            }
            assertThat(told.get("stranger").asInt()).isEqualTo(4403);
        }
    }

    private static Map<String, JsonNode> run(RunningPortal portal, String token)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                "node",
                                "subscriptions.mjs",
                                "http://localhost:" + portal.server.getPort())
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("PORTAL_TOKEN", token);
        Process process = builder.start();
        Map<String, JsonNode> told = new HashMap<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("{")) {
                    throw new AssertionError(rest(line, lines));
                }
                JsonNode step = RunningPortal.JSON.readTree(line);
                if (step.has("ready")) {
                    String client = step.get("ready").asText();
                    String event =
                            "{\"event_type\": \"agent.tool_call\", \"agent_name\": \"a\", \"action\":"
                                    + " \"node-%1$s\", \"trace_id\": \"t-%1$s\", \"event_id\": \"%1$s-%2$d\"}";
                    portal.ingest(
                            "["
                                    + event.formatted(client, 1)
                                    + ","
                                    + event.formatted(client, 2)
                                    + "]");
                }
                step.fields().forEachRemaining(field -> told.put(field.getKey(), field.getValue()));
            }
        } finally {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(process.exitValue()).isZero();
        return told;
    }

    /// What the program says when it fails.
    private static String rest(String line, BufferedReader lines) throws IOException {
        StringBuilder rest = new StringBuilder(line);
        for (String next = lines.readLine(); next != null; next = lines.readLine()) {
            rest.append('\n').append(next);
        }
        return rest.toString();
    }

    /// Packages as the lock file has them, once per checkout.
    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        boolean same = Files.isDirectory(FOLDER.resolve("node_modules"));
        for (String name : FILES) {
            Path target = FOLDER.resolve(name);
            same &= Files.exists(target) && Files.mismatch(PROJECT.resolve(name), target) < 0;
            Files.copy(PROJECT.resolve(name), target, StandardCopyOption.REPLACE_EXISTING);
        }
        if (same) {
            return;
        }
        Process npm =
                new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(npm.waitFor()).as(output).isZero();
    }

    private static boolean installed(String command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command, "--version").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
