package org.agentaudit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.ApiKey;
import org.agentaudit.access.ApiKeys;
import org.agentaudit.access.Role;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "key", description = "API keys of programs.", synopsisSubcommandLabel = "COMMAND")
final class KeyCommand {
    @ParentCommand private Application application;
    @Spec private CommandSpec spec;

    @Command(name = "create", description = "Make a key and print it, this once.")
    int create(
            @Parameters(paramLabel = "NAME", description = "What the key is for.") String name,
            @Option(
                            names = "--role",
                            defaultValue = "INGESTOR",
                            description =
                                    "One of ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
                    Role role,
            @Option(names = "--days", description = "Days until it expires (default: never).")
                    @Nullable Integer days) {
        if (days != null && days < 1) {
            throw new CommandException(ExitCode.WRONG_USE, "--days is at least 1.");
        }
        Portal portal = portal();
        Instant end =
                days == null ? null : portal.get(Clock.class).instant().plus(Duration.ofDays(days));
        ApiKeys.NewKey key =
                portal.get(ApiKeys.class).create(AccessLog.COMMAND_LINE, name, role, end);
        spec.commandLine().getOut().println(key.token());
        return ExitCode.DONE;
    }

    @Command(name = "list", description = "List the keys, without their secrets.")
    int list() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "STARTS WITH", "ROLE", "CREATED", "LAST USED", "STATE"));
        for (ApiKey key : portal().get(ApiKeys.class).list()) {
            rows.add(
                    List.of(
                            key.name(),
                            key.prefix(),
                            key.role().name(),
                            key.createdAt().toString(),
                            key.lastUsedAt() == null ? "never" : key.lastUsedAt().toString(),
                            state(key)));
        }
        Table.print(rows, spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    @Command(name = "revoke", description = "The key is refused from now on.")
    int revoke(@Parameters(paramLabel = "NAME") String name) {
        portal().get(ApiKeys.class).revoke(AccessLog.COMMAND_LINE, name);
        spec.commandLine().getOut().println("Key " + name + " revoked.");
        return ExitCode.DONE;
    }

    private Portal portal() {
        return Portal.beside(application.lifecycle(), message -> {});
    }

    private static String state(ApiKey key) {
        if (key.revokedAt() != null) {
            return "revoked";
        }
        return key.expiresAt() == null ? "active" : "until " + key.expiresAt();
    }
}
