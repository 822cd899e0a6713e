package org.agentaudit;

import io.micronaut.http.server.exceptions.ServerStartupException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.database.DatabaseException;
import org.agentaudit.ingest.redact.BadSettingException;
import org.agentaudit.query.BadInputException;
import org.agentaudit.store.StoreUnavailableException;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/// What a failure means to the person at the terminal.
///
/// @param exitCode see [ExitCode]
/// @param message one readable text; null when the cause is a mistake of ours and the stack trace
///     must be shown
record Failure(int exitCode, @Nullable String message) {

    static Failure of(Throwable thrown) {
        for (Throwable cause : causes(thrown)) {
            switch (cause) {
                case CommandException e -> {
                    return new Failure(e.exitCode(), text(e));
                }
                case DatabaseException e -> {
                    return new Failure(ExitCode.NO_DATABASE, text(e));
                }
                case StoreUnavailableException e -> {
                    return new Failure(ExitCode.NO_DATABASE, text(e));
                }
                case FlywayException e -> {
                    return new Failure(
                            ExitCode.NO_DATABASE,
                            "The tables of the database could not be brought up to date: "
                                    + firstLine(text(e)));
                }
                case ServerStartupException e -> {
                    return new Failure(
                            ExitCode.WRONG_USE,
                            "%s. Stop the program that uses the port, or choose another port with MICRONAUT_SERVER_PORT."
                                    .formatted(text(e)));
                }
                case BadInputException e -> {
                    return new Failure(ExitCode.WRONG_USE, text(e));
                }
                case BadSettingException e -> {
                    return new Failure(ExitCode.WRONG_USE, text(e));
                }
                case AccessDeniedException e -> {
                    return new Failure(ExitCode.WRONG_USE, text(e));
                }
                case IllegalArgumentException e when thrown == e -> {
                    // what accounts and keys say about names, roles and passwords they cannot take
                    return new Failure(ExitCode.WRONG_USE, text(e));
                }
                default -> {}
            }
        }
        return new Failure(ExitCode.INTERNAL_ERROR, null);
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable each = thrown;
                each != null && !causes.contains(each);
                each = each.getCause()) {
            causes.add(each);
        }
        return causes;
    }

    private static String text(Throwable thrown) {
        return Objects.requireNonNullElse(thrown.getMessage(), thrown.getClass().getSimpleName());
    }

    private static String firstLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse(text).strip();
    }
}
