package org.agentaudit;

import static picocli.CommandLine.Help.Visibility.NEVER;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccount;
import org.agentaudit.access.UserAccounts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "user",
        description = "People who sign in with a password.",
        synopsisSubcommandLabel = "COMMAND")
final class UserCommand {
    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Command(name = "add", description = "Add a user; the password is asked for, or read.")
    int add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--role",
                            required = true,
                            split = ",",
                            description = "One or several of ${COMPLETION-CANDIDATES}.")
                    List<Role> roles,
            @Option(
                            names = "--agents",
                            split = ",",
                            showDefaultValue = NEVER,
                            description = "Patterns of agent ids the user is limited to (ops/*).")
                    @Nullable List<String> agents) {
        String password = askPassword();
        accounts()
                .add(
                        AccessLog.COMMAND_LINE,
                        name,
                        password,
                        EnumSet.copyOf(roles),
                        agents == null ? List.of() : agents);
        return say("User " + name + " added.");
    }

    @Command(name = "list", description = "List the users.")
    int list() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "ROLES", "AGENTS", "STATE"));
        for (UserAccount user : accounts().list()) {
            rows.add(
                    List.of(
                            user.username(),
                            String.join(
                                    ",", user.roles().stream().map(Role::name).sorted().toList()),
                            user.agentScope().isEmpty() ? "*" : String.join(",", user.agentScope()),
                            user.disabled() ? "disabled" : "active"));
        }
        Table.print(rows, spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    @Command(name = "disable", description = "The user cannot sign in; open sessions end now.")
    int disable(@Parameters(paramLabel = "NAME") String name) {
        accounts().disable(AccessLog.COMMAND_LINE, name);
        return say("User " + name + " disabled.");
    }

    @Command(name = "enable", description = "A disabled user may sign in again.")
    int enable(@Parameters(paramLabel = "NAME") String name) {
        accounts().enable(AccessLog.COMMAND_LINE, name);
        return say("User " + name + " enabled.");
    }

    @Command(name = "passwd", description = "Set a new password; open sessions end now.")
    int passwd(@Parameters(paramLabel = "NAME") String name) {
        String password = askPassword();
        accounts().setPassword(AccessLog.COMMAND_LINE, name, password);
        return say("Password of " + name + " changed.");
    }

    private UserAccounts accounts() {
        return Portal.beside(application.lifecycle(), message -> {}).get(UserAccounts.class);
    }

    private int say(String text) {
        spec.commandLine().getOut().println(text);
        return ExitCode.DONE;
    }

    /// Never an argument, where the list of processes and the shell's history would show it.
    private static String askPassword() {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] first = console.readPassword(Locale.ROOT, "Password: ");
            char[] second = console.readPassword(Locale.ROOT, "Again: ");
            if (first == null || second == null || !new String(first).equals(new String(second))) {
                throw new CommandException(
                        ExitCode.WRONG_USE, "The two passwords are not the same.");
            }
            return new String(first);
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new CommandException(ExitCode.WRONG_USE, "No password on standard input: " + e);
        }
    }
}
