package org.agentaudit;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "hook",
        description = "Record what Claude Code does on this machine. Needs no database.",
        synopsisSubcommandLabel = "COMMAND")
final class HookCommand {
    /// Events that every version with hooks of this form knows. A name that a version does not know
    /// makes it ignore the whole settings file, so newer ones are asked for by name.
    private static final List<String> USUAL =
            List.of(
                    "SessionStart",
                    "SessionEnd",
                    "UserPromptSubmit",
                    "PreToolUse",
                    "PostToolUse",
                    "PostToolUseFailure",
                    "PermissionRequest",
                    "SubagentStart",
                    "SubagentStop",
                    "Stop",
                    "Notification",
                    "PreCompact");

    private static final Set<String> NEWER =
            Set.of(
                    "PermissionDenied",
                    "StopFailure",
                    "PostCompact",
                    "ConfigChange",
                    "TaskCreated",
                    "TaskCompleted",
                    "InstructionsLoaded",
                    "Elicitation",
                    "ElicitationResult",
                    "UserPromptExpansion",
                    "PostToolBatch",
                    "PreModelSwitch",
                    "PostModelSwitch",
                    "CwdChanged");

    @Spec private CommandSpec spec;

    /// Which settings file, and where the script lives.
    static final class Place {
        @ArgGroup private @Nullable Which which;

        @Option(
                names = "--dir",
                paramLabel = "FOLDER",
                description = "Where script, key and spool are (default: ~/.claude/agent-audit).")
        private @Nullable Path folder;

        static final class Which {
            @Option(names = "--settings", paramLabel = "FILE", description = "The settings file.")
            private @Nullable Path file;

            @Option(names = "--user", description = "~/.claude/settings.json (default).")
            private boolean user;

            @Option(
                    names = "--project",
                    description = ".claude/settings.json of the current folder.")
            private boolean project;
        }

        Path settings() {
            Which chosen = which;
            if (chosen != null && chosen.file != null) {
                return chosen.file;
            }
            Path folder = chosen != null && chosen.project ? Path.of("") : HookFolder.home();
            return folder.toAbsolutePath().resolve(".claude").resolve("settings.json");
        }

        HookFolder folder() {
            return folder == null
                    ? HookFolder.ofUser()
                    : new HookFolder(folder.toAbsolutePath().normalize());
        }
    }

    @Command(
            name = "install",
            description = {
                "Add the hook to the settings of Claude Code and install its script.",
                "The script keeps each event in a spool and sends it in the background; it needs sh"
                        + " and curl. The key is taken from --key-file or PORTAL_INGEST_KEY."
            })
    int install(
            @Mixin Place place,
            @Option(
                            names = "--url",
                            paramLabel = "URL",
                            description =
                                    "Address of the portal (default: PORTAL_PUBLIC_URL, else"
                                            + " http://localhost:8080).")
                    @Nullable String url,
            @Option(
                            names = "--key-file",
                            paramLabel = "FILE",
                            description = "File with an ingest key that only you can read.")
                    @Nullable Path keyFile,
            @Option(
                            names = "--events",
                            paramLabel = "EVENT",
                            split = ",",
                            description =
                                    "Events to record. Default: all that Claude Code 2.0.73 knows. An"
                                            + " older version ignores settings that name events it does"
                                            + " not know.")
                    @Nullable List<String> events,
            @Option(names = "--dry-run", description = "Print the settings, write nothing.")
                    boolean dryRun)
            throws IOException {
        List<String> wanted = events == null ? USUAL : checked(events);
        URI address = address(url);
        HookFolder folder = place.folder();
        ClaudeSettings settings = ClaudeSettings.read(place.settings());
        settings.install(wanted, folder.command());
        PrintWriter out = spec.commandLine().getOut();
        if (dryRun) {
            out.print(settings.text());
            out.flush();
            return ExitCode.DONE;
        }
        folder.install(address, key(keyFile));
        out.println("Script, key and spool are in %s.".formatted(folder.path()));
        write(settings, "calls the script on " + String.join(", ", wanted), out);
        out.println("Events go to %s. New sessions of Claude Code use it.".formatted(address));
        return ExitCode.DONE;
    }

    @Command(
            name = "uninstall",
            description = {
                "Take the hook out of the settings, and remove script and key.",
                "Events that were not sent yet stay in the spool."
            })
    int uninstall(
            @Mixin Place place,
            @Option(names = "--dry-run", description = "Print the settings, write nothing.")
                    boolean dryRun)
            throws IOException {
        ClaudeSettings settings = ClaudeSettings.read(place.settings());
        settings.uninstall();
        PrintWriter out = spec.commandLine().getOut();
        if (dryRun) {
            out.print(settings.text());
            out.flush();
            return ExitCode.DONE;
        }
        if (settings.changed() && settings.remove()) {
            out.println("%s held nothing else and is removed.".formatted(settings.file()));
        } else {
            write(settings, "no longer calls the script", out);
        }
        HookFolder folder = place.folder();
        folder.uninstall();
        long waiting = folder.waiting().files();
        if (waiting > 0) {
            out.println(
                    "%d events were not sent; they are in %s."
                            .formatted(waiting, folder.path().resolve("spool")));
        }
        return ExitCode.DONE;
    }

    @Command(
            name = "status",
            description = "Say whether the hook is installed and what waits to be sent.")
    int status(@Mixin Place place) throws IOException {
        ClaudeSettings settings = ClaudeSettings.read(place.settings());
        HookFolder folder = place.folder();
        PrintWriter out = spec.commandLine().getOut();
        List<String> events = settings.events();
        List<String> faults = new ArrayList<>();
        if (events.isEmpty()) {
            faults.add("%s does not call the script.".formatted(settings.file()));
        } else {
            out.println("%s: %s".formatted(settings.file(), String.join(", ", events)));
        }
        faults.addAll(folder.faults());
        HookFolder.Waiting waiting = folder.waiting();
        out.println(
                "Waiting in the spool: %d events, %d KB."
                        .formatted(waiting.files(), waiting.bytes() / 1024));
        String last = folder.last();
        out.println(
                last == null
                        ? "Nothing was sent yet."
                        : "Latest sending, and the portal's answer (000: none): " + last);
        long refused = folder.refused().files();
        if (refused > 0) {
            faults.add("%d events could not be taken by the portal.".formatted(refused));
        }
        long dropped = folder.dropped();
        if (dropped > 0) {
            faults.add("%d events were lost; the portal will be told.".formatted(dropped));
        }
        if (last != null && !last.endsWith(" 200")) {
            faults.add("The latest sending failed; the next event tries again.");
        }
        faults.forEach(out::println);
        return faults.isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_FINDINGS;
    }

    private static void write(ClaudeSettings settings, String what, PrintWriter out)
            throws IOException {
        if (!settings.changed()) {
            out.println("%s is as it should be.".formatted(settings.file()));
            return;
        }
        Path kept = settings.write();
        out.println(
                kept.equals(settings.file())
                        ? "%s %s.".formatted(settings.file(), what)
                        : "%s %s; the file before is %s."
                                .formatted(settings.file(), what, kept.getFileName()));
    }

    private static List<String> checked(List<String> events) {
        for (String event : events) {
            if (!USUAL.contains(event) && !NEWER.contains(event)) {
                throw new CommandException(
                        ExitCode.WRONG_USE,
                        "'%s' is no event that can be recorded. Claude Code would ignore the whole"
                                        .formatted(event)
                                + " file. Known: "
                                + String.join(", ", USUAL)
                                + "; newer: "
                                + String.join(", ", NEWER.stream().sorted().toList())
                                + ".");
            }
        }
        return List.copyOf(Set.copyOf(events).stream().sorted().toList());
    }

    private static URI address(@Nullable String url) {
        String configured = System.getenv("PORTAL_PUBLIC_URL");
        String base =
                url != null
                        ? url
                        : configured == null || configured.isBlank()
                                ? "http://localhost:8080"
                                : configured;
        if (!base.matches("https?://[A-Za-z0-9.:\\[\\]_-]+(?:/[A-Za-z0-9._~/-]*)?")) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "'%s' is no address of a portal; give one such as https://audit.example.org."
                            .formatted(base));
        }
        return URI.create(base.replaceAll("/+$", "") + "/hooks/claude-code");
    }

    private static String key(@Nullable Path file) throws IOException {
        if (file == null) {
            String key = System.getenv("PORTAL_INGEST_KEY");
            if (key == null || key.isBlank()) {
                throw new CommandException(
                        ExitCode.WRONG_USE,
                        "There is no key: give --key-file, or set PORTAL_INGEST_KEY. The portal makes"
                                + " one with key create NAME.");
            }
            return key.strip();
        }
        if (!Files.isReadable(file)) {
            throw new CommandException(ExitCode.WRONG_USE, "There is no file " + file + ".");
        }
        if (!HookFolder.isMine(file)) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "Others can read %s: make a new key, and chmod 600 its file.".formatted(file));
        }
        return Files.readString(file).strip();
    }
}
