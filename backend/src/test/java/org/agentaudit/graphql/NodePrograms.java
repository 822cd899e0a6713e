package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Programs of `src/test/node/graphql`, which call a portal as clients that others wrote. Need
/// `node` and `npm`; with `CI=true` they must be there. Their packages are installed once per
/// checkout, as the lock file has them.
final class NodePrograms {
    private static final Path PROJECT = Path.of("src/test/node/graphql");
    private static final Path FOLDER = Path.of("target/node/graphql");
    private static final List<String> PACKAGES = List.of("package.json", "package-lock.json");

    /// Of the installation, whose packages may have to be loaded.
    private static final Duration INSTALLATION = Duration.ofMinutes(3);

    /// Of one program.
    private static final Duration RUN = Duration.ofMinutes(2);

    private NodePrograms() {}

    /// Runs a program; skips the test where there is no Node.
    ///
    /// @param name  file name of the program
    /// @param steps is given each line of output as it comes; one that is no JSON object is a
    ///     failure
    static void run(String name, RunningPortal portal, String token, Consumer<JsonNode> steps)
            throws IOException, InterruptedException {
        boolean installed = installed("node") && installed("npm");
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("node and npm are installed").isTrue();
        }
        assumeTrue(installed, "node and npm are not installed");
        install();
        Files.copy(
                PROJECT.resolve(name), FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        ProcessBuilder builder =
                new ProcessBuilder("node", name, "http://localhost:" + portal.server.getPort())
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true);
        builder.environment().put("PORTAL_TOKEN", token);
        StringBuilder others = new StringBuilder();
        try {
            run(
                    builder,
                    RUN,
                    line -> {
                        if (line.startsWith("{")) {
                            steps.accept(RunningPortal.json(line));
                        } else {
                            others.append(line).append('\n');
                        }
                    });
        } catch (AssertionError e) {
            throw new AssertionError(others + Objects.toString(e.getMessage()), e);
        }
        assertThat(others.toString()).isEmpty();
    }

    private static synchronized void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        Path done = FOLDER.resolve("installed");
        boolean same = Files.exists(done);
        for (String file : PACKAGES) {
            Path target = FOLDER.resolve(file);
            same &= Files.exists(target) && Files.mismatch(PROJECT.resolve(file), target) < 0;
        }
        if (same) {
            return;
        }
        Files.deleteIfExists(done);
        for (String file : PACKAGES) {
            Files.copy(
                    PROJECT.resolve(file),
                    FOLDER.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        StringBuilder output = new StringBuilder();
        try {
            run(
                    new ProcessBuilder(
                                    "npm",
                                    "ci",
                                    "--ignore-scripts",
                                    "--no-audit",
                                    "--no-fund",
                                    "--prefer-offline",
                                    "--fetch-retries=2",
                                    "--fetch-timeout=30000")
                            .directory(FOLDER.toFile())
                            .redirectErrorStream(true),
                    INSTALLATION,
                    line -> output.append(line).append('\n'));
        } catch (AssertionError e) {
            throw new AssertionError(
                    "npm cannot install the packages of %s; is its registry within reach?%n%s%s"
                            .formatted(PROJECT, output, e.getMessage()),
                    e);
        }
        Files.createFile(done);
    }

    /// Runs a process to its end, which must be a good one and come in time.
    private static void run(ProcessBuilder builder, Duration limit, Consumer<String> lines)
            throws IOException, InterruptedException {
        Process process = builder.start();
        AtomicBoolean late = new AtomicBoolean();
        Thread watch = Thread.ofVirtual().start(() -> late.set(stopWhenLate(process, limit)));
        String command = String.join(" ", builder.command().subList(0, 2));
        try (BufferedReader output =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.accept(line);
            }
            int status = process.waitFor();
            watch.join();
            if (late.get()) {
                fail("'%s' ran longer than %d s.", command, limit.toSeconds());
            }
            assertThat(status).as("exit status of '%s'", command).isZero();
        } finally {
            watch.interrupt();
            process.destroyForcibly();
        }
    }

    /// Waits for the end of a process, which comes by force when the limit is over.
    ///
    /// @return whether it did
    private static boolean stopWhenLate(Process process, Duration limit) {
        try {
            if (process.waitFor(limit)) {
                return false;
            }
        } catch (InterruptedException e) {
            return false; // it has ended
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return true;
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
