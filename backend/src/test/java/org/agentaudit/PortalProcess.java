package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The portal, or one of its commands, as a process of its own, the way people run it.
///
/// @param out file with its standard output
/// @param err file with its standard error
record PortalProcess(Process process, Path out, Path err) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern READY =
            Pattern.compile("(?m)^Agent Audit Portal ready at (http://\\S+)$");

    /// Starts it with its data in `folder/data`, on a free port.
    ///
    /// @param settings environment variables
    static PortalProcess start(Path folder, Map<String, String> settings, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        // a shell in the background hands down an ignored SIGINT; `env` gives it back its meaning
        command.addAll(List.of("env", "--default-signal=INT,TERM"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Application.class.getName());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PORTAL_") || name.startsWith("DATASOURCES_"));
        builder.environment().put("PORTAL_DATA_DIR", folder.resolve("data").toString());
        builder.environment().put("MICRONAUT_SERVER_PORT", "-1");
        builder.environment().putAll(settings);
        return new PortalProcess(builder.start(), out, err);
    }

    String output() throws IOException {
        return Files.readString(out);
    }

    String errors() throws IOException {
        return Files.readString(err);
    }

    int exit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /// Where it listens, once it does.
    URI ready() throws IOException, InterruptedException {
        Instant limit = Instant.now().plus(PATIENCE);
        while (true) {
            Matcher ready = READY.matcher(output());
            if (ready.find()) {
                return URI.create(ready.group(1));
            }
            assertThat(process.isAlive()).as(output() + errors()).isTrue();
            assertThat(Instant.now()).as(output() + errors()).isBefore(limit);
            Thread.sleep(50);
        }
    }

    /// Stops it in good order, else by force.
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
