package org.agentaudit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folder of the hook on the machine of the agent: the script, address and key for curl, and
/// the spool. All of it belongs to its user alone.
record HookFolder(Path path) {
    private static final String SCRIPT = "hook.sh";
    private static final String CURL = "curl.conf";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~+/=-]{8,512}");
    private static final Set<PosixFilePermission> MINE =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> MY_PROGRAM =
            PosixFilePermissions.fromString("rwx------");

    /// What waits in a folder.
    record Waiting(long files, long bytes) {}

    static HookFolder ofUser() {
        return new HookFolder(home().resolve(".claude").resolve("agent-audit"));
    }

    /// Where the shell of the hook finds it, which need not be where Java does.
    static Path home() {
        String home = System.getenv("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home)
                .toAbsolutePath()
                .normalize();
    }

    Path script() {
        return path.resolve(SCRIPT);
    }

    Path curl() {
        return path.resolve(CURL);
    }

    /// What the shell runs: nothing where the script is missing, as on the machine of a colleague
    /// who has the project's settings and not the portal's script. The home folder is named as
    /// such, for settings that several people share.
    String command() {
        String place =
                path.startsWith(home())
                        ? "\"$HOME\"/" + quoted(home().relativize(script()).toString())
                        : quoted(script().toAbsolutePath().toString());
        return "[ ! -x %s ] || %s".formatted(place, place);
    }

    private static String quoted(String path) {
        return path.matches("[A-Za-z0-9._/-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    /// Writes script, address and key.
    void install(URI address, String key) throws IOException {
        if (!KEY.matcher(key).matches()) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "The key does not look like one: a line such as aap_…, made with key create.");
        }
        Files.createDirectories(path.resolve("spool"));
        for (Path folder : List.of(path, path.resolve("spool"))) {
            Files.setPosixFilePermissions(folder, MY_PROGRAM);
        }
        replace(
                curl(),
                "# Options of curl; cacert, proxy and the like may be added.\n"
                        + "url = \"%s\"\nheader = \"Authorization: Bearer %s\"\n"
                                .formatted(address, key),
                MINE);
        replace(script(), source(), MY_PROGRAM);
    }

    /// The script as this version of the portal has it.
    static String source() {
        try (InputStream in = HookFolder.class.getResourceAsStream("/claude-code/" + SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException("the script is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void replace(Path file, String text, Set<PosixFilePermission> rights)
            throws IOException {
        Path next =
                Files.createTempFile(
                        path, ".new", null, PosixFilePermissions.asFileAttribute(MINE));
        try {
            Files.writeString(next, text);
            Files.setPosixFilePermissions(next, rights);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /// Takes script and key away; events that wait stay.
    void uninstall() throws IOException {
        Files.deleteIfExists(script());
        Files.deleteIfExists(curl());
    }

    /// Events not sent yet.
    Waiting waiting() throws IOException {
        return count("spool");
    }

    /// Events the portal could not take at all.
    Waiting refused() throws IOException {
        return count("refused");
    }

    private Waiting count(String name) throws IOException {
        Path folder = path.resolve(name);
        if (!Files.isDirectory(folder)) {
            return new Waiting(0, 0);
        }
        try (Stream<Path> files = Files.list(folder)) {
            long[] sum = new long[2];
            files.filter(file -> file.toString().endsWith(".json"))
                    .forEach(
                            file -> {
                                sum[0]++;
                                sum[1] += file.toFile().length(); // 0 when it was just sent
                            });
            return new Waiting(sum[0], sum[1]);
        }
    }

    /// Events that found the spool full and that the portal was not told of yet.
    long dropped() throws IOException {
        Path file = path.resolve("dropped");
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /// Time and HTTP status of the latest sending (000: not reached); null before the first.
    @Nullable String last() throws IOException {
        Path file = path.resolve("last");
        return Files.exists(file) ? Files.readString(file).strip() : null;
    }

    /// What is wrong with the files; empty when nothing is.
    List<String> faults() throws IOException {
        if (!Files.exists(script()) || !Files.exists(curl())) {
            return List.of("The script or its key is missing: run hook install.");
        }
        if (!Files.readString(script()).equals(source())) {
            return List.of("The script is of another version: run hook install.");
        }
        return isMine(curl()) ? List.of() : List.of("Others can read the key: chmod 600 " + curl());
    }

    /// Whether nobody else may read a file.
    static boolean isMine(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream()
                .allMatch(right -> right.name().startsWith("OWNER_"));
    }
}
