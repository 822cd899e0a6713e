package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaudeSettingsTest {
    private static final String OTHERS =
            """
            {
              "permissions": {
                "allow": [
                  "Bash(ls:*)"
                ],
                "deny": []
              },
              "hooks": {
                "PreToolUse": [
                  {
                    "matcher": "Bash",
                    "hooks": [
                      {
                        "type": "command",
                        "command": "lint é \\u2028"
                      }
                    ]
                  }
                ]
              },
              "ratio": 1.50,
              "env": {}
            }
            """;

    @TempDir Path folder;

    private Path file(String text) throws IOException {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, text);
        return file;
    }

    private static void install(Path file, String... events) throws IOException {
        ClaudeSettings settings = ClaudeSettings.read(file);
        settings.install(List.of(events), "run");
        if (settings.changed()) {
            settings.write();
        }
    }

    @Test
    void install_noFile_writesTheHook() throws Exception {
        Path file = folder.resolve("deep/.claude/settings.json");
        install(file, "Stop");
        assertThat(file)
                .hasContent(
                        """
                        {
                          "hooks": {
                            "Stop": [
                              {
                                "hooks": [
                                  {
                                    "type": "command",
                                    "command": "run # agent-audit-portal",
                                    "timeout": 10
                                  }
                                ]
                              }
                            ]
                          }
                        }
                        """);
    }

    @Test
    void install_thenUninstall_leavesTheFileAsItWas() throws Exception {
        // written by Claude Code, which does not escape U+2028
        String before = OTHERS.replace("\\u2028", "\u2028");
        Path file = file(before);
        install(file, "PreToolUse", "Stop");
        String installed = Files.readString(file);
        assertThat(installed).contains("Bash(ls:*)", "lint é", "1.50", "\"deny\": []");
        assertThat(ClaudeSettings.read(file).events()).containsExactly("PreToolUse", "Stop");
        ClaudeSettings settings = ClaudeSettings.read(file);
        settings.uninstall();
        settings.write();
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    private static boolean uninstall(Path file) throws IOException {
        ClaudeSettings settings = ClaudeSettings.read(file);
        settings.uninstall();
        return settings.remove();
    }

    @Test
    void remove_takesAwayOnlyAFileThatHoldsNothingElse_andWasNotThereBefore() throws Exception {
        Path file = folder.resolve("settings.json");
        install(file, "Stop");
        install(file, "Stop", "PreToolUse");
        assertThat(folder.resolve("settings.json.before-agent-audit")).exists();
        assertThat(uninstall(file)).isTrue();
        assertThat(folder).isEmptyDirectory();

        file("{}");
        install(file, "Stop");
        assertThat(uninstall(file)).isFalse();

        Files.delete(folder.resolve("settings.json.before-agent-audit"));
        file(OTHERS);
        assertThat(uninstall(file)).isFalse();
        assertThat(file).hasContent(OTHERS);
    }

    @Test
    void hook_livesInTheHomeFolderOfTheShell() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Map<String, String> settings =
                Map.of("HOME", home.toString(), "PORTAL_INGEST_KEY", "aap_a-key-for-tests");
        PortalProcess install = PortalProcess.start(folder, settings, "hook", "install");
        assertThat(install.exit()).as(install.errors()).isZero();
        assertThat(home.resolve(".claude/agent-audit/hook.sh")).isExecutable();
        assertThat(home.resolve(".claude/settings.json"))
                .content()
                .contains("$HOME\\\"/.claude/agent-audit/hook.sh");

        PortalProcess uninstall = PortalProcess.start(folder, settings, "hook", "uninstall");
        assertThat(uninstall.exit()).as(uninstall.errors()).isZero();
        assertThat(home.resolve(".claude/settings.json")).doesNotExist();
    }

    @Test
    void install_again_changesNothing() throws Exception {
        Path file = file(OTHERS);
        install(file, "PreToolUse", "Stop");
        String first = Files.readString(file);
        ClaudeSettings again = ClaudeSettings.read(file);
        again.install(List.of("PreToolUse", "Stop"), "run");
        assertThat(again.changed()).isFalse();
        install(file, "Stop");
        assertThat(ClaudeSettings.read(file).events()).containsExactly("Stop");
        assertThat(Files.readString(file)).contains("lint").isNotEqualTo(first);
    }

    @Test
    void install_newCommand_replacesTheOldOne_andKeepsHandlersBesideIt() throws Exception {
        Path file =
                file(
                        """
                        {"hooks":{"Stop":[{"matcher":"","hooks":[
                          {"type":"command","command":"old # agent-audit-portal"},
                          {"type":"command","command":"theirs"}]}]}}
                        """);
        install(file, "Stop");
        assertThat(Files.readString(file))
                .contains("theirs", "run # agent-audit-portal")
                .doesNotContain("old #");
    }

    @Test
    void write_keepsRightsAndLink_andTheOldFileBeside() throws Exception {
        Path real = folder.resolve("dotfiles.json");
        Files.writeString(real, "{\n\t\"a\": 1\n}");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("settings.json"), real);
        install(link, "Stop");
        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(real)).contains("\n\t\"hooks\": {\n\t\t\"Stop\"").endsWith("}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("dotfiles.json.before-agent-audit"))
                .hasContent("{\n\t\"a\": 1\n}");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": 1,}",
                "{\"a\": 1} x",
                "{\"a\": 1, \"a\": 2}",
                "// note\n{}",
                "[]",
                "{\"hooks\": []}",
                "{\"hooks\": {\"Stop\": {\"command\": \"x\"}}}"
            })
    void install_fileOfAnotherForm_isRefusedAndLeftAlone(String text) throws Exception {
        Path file = file(text);
        assertThatThrownBy(() -> install(file, "Stop"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("It was left as it is");
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void command_namesTheHomeFolder_andQuotes() {
        assertThat(new HookFolder(HookFolder.home().resolve("a b")).command())
                .isEqualTo("[ ! -x \"$HOME\"/'a b/hook.sh' ] || \"$HOME\"/'a b/hook.sh'");
        assertThat(new HookFolder(Path.of("/opt/it's")).command())
                .endsWith("|| '/opt/it'\\''s/hook.sh'");
    }
}
