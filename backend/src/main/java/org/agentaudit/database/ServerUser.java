package org.agentaudit.database;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Runs PostgreSQL's programs as a user they accept: they refuse to run as root. For root they run
/// in a user namespace of their own (`unshare`), where root is nobody in particular, or, where the
/// machine does not allow that, as the user `nobody` (`setpriv`), who then owns the database files.
sealed interface ServerUser {

    record Caller() implements ServerUser {}

    record Namespace() implements ServerUser {}

    record Other(int uid) implements ServerUser {}

    int NOBODY = 65534;

    /// @param programs where the unpacked programs are
    /// @param cluster  the database files, which may not exist yet
    static ServerUser choose(Path programs, Path cluster) {
        if (new UnixSystem().getUid() != 0) {
            return new Caller();
        }
        int owner = Files.exists(cluster) ? owner(cluster) : 0;
        if (owner == 0 && succeeds(List.of("unshare", "-U", "true"))) {
            return new Namespace();
        }
        Other other = new Other(owner == 0 ? NOBODY : owner);
        if (succeeds(
                other.command(
                        List.of("test", "-x", programs.resolve("bin/postgres").toString())))) {
            return other;
        }
        throw new DatabaseException(
                "PostgreSQL does not run as root, and neither `unshare -U` nor `setpriv` can run it as another user here (is %s readable for others?). Start the portal as a normal user, or give it a PostgreSQL with DATASOURCES_DEFAULT_URL."
                        .formatted(programs));
    }

    /// The command line that runs a command as this user.
    default List<String> command(List<String> command) {
        List<String> full = new ArrayList<>();
        switch (this) {
            case Caller _ -> {}
            case Namespace _ -> full.addAll(List.of("unshare", "-U", "--"));
            case Other(int uid) ->
                    full.addAll(
                            List.of(
                                    "setpriv",
                                    "--reuid=" + uid,
                                    "--regid=" + uid,
                                    "--clear-groups",
                                    "--"));
        }
        full.addAll(command);
        return full;
    }

    /// Gives a file or a folder with everything in it to this user.
    default void give(Path path) {
        if (!(this instanceof Other(int uid))) {
            return;
        }
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : (Iterable<Path>) paths::iterator) {
                Files.setAttribute(each, "unix:uid", uid);
                Files.setAttribute(each, "unix:gid", uid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lets this user reach what is below a folder without letting others list it.
    default void letThrough(Path folder) {
        if (!(this instanceof Other)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a finished program answered.
    record Answer(int status, String output) {}

    /// Runs a program to its end.
    ///
    /// @param input given on standard input
    default Answer run(List<String> command, String input) {
        ProcessBuilder builder = new ProcessBuilder(command(command)).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.directory(new File("/"));
        try {
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), output.strip());
        } catch (IOException e) {
            throw new DatabaseException("Cannot run " + command.getFirst() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("Interrupted while running " + command.getFirst(), e);
        }
    }

    private static int owner(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            // the program is not installed
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
