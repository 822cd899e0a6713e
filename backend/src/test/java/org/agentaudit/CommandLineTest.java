package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What the command line answers before any command runs.
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Application.commandLine(new Application())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    /// The words of every command and subcommand.
    static Stream<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        collect(Application.commandLine(new Application()), List.of(), commands);
        return commands.stream();
    }

    private static void collect(CommandLine command, List<String> words, List<List<String>> all) {
        all.add(words);
        command.getSubcommands()
                .forEach(
                        (name, below) ->
                                collect(
                                        below,
                                        Stream.concat(words.stream(), Stream.of(name)).toList(),
                                        all));
    }

    @Test
    void commands_areAllThere() {
        assertThat(commands())
                .contains(List.of("serve"), List.of("user", "enable"), List.of("report", "daily"))
                .hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_isAnsweredByEveryCommand(List<String> words) {
        for (String help : List.of("--help", "-h")) {
            int status = run(Stream.concat(words.stream(), Stream.of(help)).toArray(String[]::new));

            assertThat(err.toString()).isEmpty();
            assertThat(status).isEqualTo(ExitCode.DONE);
            assertThat(out.toString())
                    .contains("Usage: " + String.join(" ", prepended(words)), "--help");
        }
    }

    private static List<String> prepended(List<String> words) {
        return Stream.concat(Stream.of("agent-audit-portal"), words.stream()).toList();
    }

    @Test
    void version_isPrinted() {
        assertThat(run("--version")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).startsWith("Agent Audit Portal ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"OTLP", "mcp", "csv"})
    void import_refusesFormatsThatAreNotDecoded(String format) {
        assertThat(run("import", "--format", format, ".")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(err.toString())
                .contains(
                        "'"
                                + format
                                + "' is not a shape that can be imported; choose one of"
                                + " audit_event, log_entry, session_event, request_log,"
                                + " claude_code_hook, claude_code_transcript.");
    }

    @Test
    void import_takesTheFormatsItOffers() {
        run("import", "--help");
        for (String format : new LineFormat()) {
            assertThat(out.toString()).contains(format);
            // far enough to look for the file
            assertThat(run("import", "--format", format, "no-such-file"))
                    .isEqualTo(ExitCode.WRONG_USE);
            assertThat(err.toString()).endsWith("There is no file no-such-file.\n");
        }
        assertThat(out.toString()).doesNotContain("otlp", "OTLP", "MCP");
    }
}
