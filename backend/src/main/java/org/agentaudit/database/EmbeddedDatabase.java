package org.agentaudit.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server of our own on a data folder.
/// The server outlives a killed portal for as long as nobody starts another one: the next [#start]
/// finds it, stops it and starts anew. A killed server is started again while the portal runs. Only
/// one portal uses a folder at a time; others can connect with [#running].
public final class EmbeddedDatabase implements AutoCloseable {

    /// Name of the portal's database and of the role that owns it, which is not a superuser.
    public static final String NAME = "portal";

    /// The superuser; same password.
    public static final String SUPERUSER = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final int START_ATTEMPTS = 10;

    private final Path dataDir;
    private final Path home;
    private final Path cluster;
    private final Map<String, String> settings;
    private final Consumer<String> progress;
    private @Nullable FolderLock lock;
    private @Nullable Path programs;
    private @Nullable ServerUser user;
    private @Nullable ConnectionInfo connection;
    private int port;
    private boolean closed;

    /// Nothing happens before [#start].
    ///
    /// @param dataDir  made when it does not exist
    /// @param progress told in a few words what is being done, when it takes longer than a moment
    public EmbeddedDatabase(Path dataDir, Consumer<String> progress) {
        this(dataDir, Map.of(), progress);
    }

    /// @param settings PostgreSQL settings that go before ours
    public EmbeddedDatabase(Path dataDir, Map<String, String> settings, Consumer<String> progress) {
        this.dataDir = dataDir.toAbsolutePath().normalize();
        this.home = home(dataDir);
        this.cluster = home.resolve("cluster");
        this.settings = settings(settings);
        this.progress = progress;
    }

    /// Starts the server and returns once it takes connections.
    ///
    /// @throws DatabaseException with a text for people when it cannot
    public synchronized ConnectionInfo start() {
        if (closed) {
            throw new DatabaseException("The database was stopped.");
        }
        createFolders(dataDir);
        lock = FolderLock.acquire(dataDir);
        programs = ServerBinaries.unpack(home, progress);
        user = ServerUser.choose(programs, cluster);
        user.letThrough(dataDir);
        user.letThrough(home);
        stopOrphan();
        if (!Files.exists(cluster)) {
            initialise();
        }
        connection = startServer();
        watch();
        return connection;
    }

    /// The server that a portal keeps running on a data folder, for commands that run beside it.
    ///
    /// @return empty when no server takes connections there
    /// @throws DatabaseException when one does and its password is not readable for us
    public static Optional<ConnectionInfo> running(Path dataDir) {
        Path home = home(dataDir);
        return PostmasterFile.read(home.resolve("cluster"))
                .filter(PostmasterFile::ready)
                .filter(file -> file.process().isPresent())
                .map(file -> connection(file.port(), readPassword(home)));
    }

    /// Stops the server: running statements are cut off, everything committed is kept. Waits until
    /// it is down. Does nothing when it is not running.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (programs != null && Files.exists(cluster)) {
                stopServer();
            }
        } finally {
            connection = null;
            if (lock != null) {
                try {
                    lock.close();
                } catch (IOException e) {
                    LOG.warn("Lock of {} not released: {}", dataDir, e.toString());
                }
            }
        }
    }

    /// Process id of the running server; empty when it is down.
    public static Optional<Long> serverProcess(Path dataDir) {
        return PostmasterFile.read(home(dataDir).resolve("cluster"))
                .flatMap(PostmasterFile::process)
                .map(ProcessHandle::pid);
    }

    private static Path home(Path dataDir) {
        return dataDir.toAbsolutePath().normalize().resolve("postgres");
    }

    private static Map<String, String> settings(Map<String, String> overrides) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        all.put("max_connections", "60");
        all.put("shared_buffers", "256MB");
        all.put("work_mem", "16MB");
        all.put("maintenance_work_mem", "128MB");
        all.put("max_wal_size", "2GB");
        all.put("fsync", "on");
        all.put("full_page_writes", "on");
        all.put("synchronous_commit", "on");
        all.put("password_encryption", "scram-sha-256");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        // one log file per weekday, so that the folder does not grow; no statements and no row
        // contents in it
        all.put("logging_collector", "on");
        all.put("log_directory", "log");
        all.put("log_filename", "postgresql-%a.log");
        all.put("log_rotation_age", "1d");
        all.put("log_truncate_on_rotation", "on");
        all.put("log_min_error_statement", "panic");
        all.put("log_error_verbosity", "terse");
        all.putAll(overrides);
        return all;
    }

    private static void createFolders(Path dataDir) {
        try {
            if (!Files.exists(dataDir)) {
                Files.createDirectories(dataDir);
                Files.setPosixFilePermissions(
                        dataDir, PosixFilePermissions.fromString("rwx------"));
            }
            Files.createDirectories(dataDir.resolve("postgres"));
        } catch (IOException e) {
            throw new DatabaseException(
                    "The data folder %s cannot be written to (%s). Give the portal another one with PORTAL_DATA_DIR."
                            .formatted(dataDir, e),
                    e);
        }
    }

    private void initialise() {
        progress.accept("Creating the database in " + home);
        Path unfinished = home.resolve("cluster.unfinished");
        Path passwordForServer = home.resolve("password.initial");
        ServerBinaries.deleteTree(unfinished);
        try {
            String password = writePassword(home.resolve("password"));
            Files.deleteIfExists(passwordForServer);
            writePrivately(passwordForServer, password + "\n");
            user().give(passwordForServer);
            Files.createDirectory(
                    unfinished,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            user().give(unfinished);
            check(
                    "creating the database",
                    user().run(
                                    List.of(
                                            program("initdb"),
                                            "--pgdata=" + unfinished,
                                            "--username=" + SUPERUSER,
                                            "--auth=scram-sha-256",
                                            "--pwfile=" + passwordForServer,
                                            "--encoding=UTF8",
                                            "--locale=C",
                                            "--locale-provider=builtin",
                                            "--builtin-locale=C.UTF-8",
                                            "--data-checksums"),
                                    ""));
            Files.writeString(
                    unfinished.resolve("postgresql.conf"),
                    "\ninclude_if_exists = 'portal.conf'\n",
                    StandardOpenOption.APPEND);
            check(
                    "creating the database",
                    user().run(
                                    List.of(
                                            program("postgres"),
                                            "--single",
                                            "-j",
                                            "-D",
                                            unfinished.toString(),
                                            "postgres"),
                                    // -j: a statement ends with a semicolon and an empty line
                                    """
                                    CREATE ROLE %1$s LOGIN PASSWORD '%2$s';

                                    CREATE DATABASE %1$s OWNER %1$s;

                                    """
                                            .formatted(NAME, password)));
            Files.move(unfinished, cluster, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(passwordForServer);
        } catch (IOException e) {
            throw new DatabaseException("The database could not be created: " + e, e);
        }
    }

    private ConnectionInfo startServer() {
        String problem = "";
        for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
            if (connection == null) {
                port = choosePort();
            }
            writeSettings();
            Path log = home.resolve("start.log");
            createLog(log);
            progress.accept("Starting PostgreSQL on port " + port);
            ServerUser.Answer answer =
                    user().run(
                                    List.of(
                                            program("pg_ctl"),
                                            "start",
                                            "--pgdata=" + cluster,
                                            "--log=" + log,
                                            "--wait",
                                            "--timeout=" + START_LIMIT.toSeconds()),
                                    "");
            if (answer.status() == 0) {
                return connection(port, readPassword(home));
            }
            problem = answer.output() + "\n" + read(log);
            // the port was taken a moment ago, or the processes of a killed server are still going
            // down
            if (!problem.contains("in use")) {
                break;
            }
            sleep(Duration.ofMillis(500));
        }
        throw new DatabaseException(
                "PostgreSQL did not start. Its log is in %s and ends with:\n%s"
                        .formatted(home, lastLines(problem)));
    }

    /// Starts a killed server again. Asks again and again instead of waiting for the process's end,
    /// which is never told where nobody collects dead processes, as in some containers.
    private void watch() {
        Thread.ofVirtual()
                .name("postgresql-watch")
                .start(
                        () -> {
                            try {
                                do {
                                    Thread.sleep(WATCH_INTERVAL);
                                } while (keepRunning());
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private synchronized boolean keepRunning() {
        if (closed) {
            return false;
        }
        if (PostmasterFile.read(cluster).flatMap(PostmasterFile::process).isPresent()) {
            return true;
        }
        LOG.error("PostgreSQL ended unexpectedly; starting it again");
        try {
            forgetServer();
            connection = startServer();
        } catch (DatabaseException e) {
            LOG.error("{}", e.getMessage());
        }
        return true;
    }

    private void stopServer() {
        if (PostmasterFile.read(cluster).flatMap(PostmasterFile::process).isEmpty()) {
            return;
        }
        for (String mode : List.of("fast", "immediate")) {
            ServerUser.Answer answer =
                    user().run(
                                    List.of(
                                            program("pg_ctl"),
                                            "stop",
                                            "--pgdata=" + cluster,
                                            "--mode=" + mode,
                                            "--wait",
                                            "--timeout=" + STOP_LIMIT.toSeconds()),
                                    "");
            if (answer.status() == 0
                    || PostmasterFile.read(cluster).flatMap(PostmasterFile::process).isEmpty()) {
                return;
            }
            LOG.warn("PostgreSQL did not stop ({}): {}", mode, answer.output());
        }
    }

    /// We hold the folder, so whatever server runs on it lost its portal.
    private void stopOrphan() {
        Optional<PostmasterFile> file = PostmasterFile.read(cluster);
        if (file.isEmpty()) {
            return;
        }
        Optional<ProcessHandle> server = file.get().process();
        if (server.isPresent()) {
            progress.accept(
                    "Stopping PostgreSQL that a killed portal left behind (process "
                            + server.get().pid()
                            + ")");
            stopServer();
        } else {
            progress.accept("Recovering the database after an unclean stop");
            forgetServer();
        }
    }

    /// Removes what a killed server left. PostgreSQL would take a foreign process that got the same
    /// id since, as happens in containers, or a dead one that nobody collects for a server.
    private void forgetServer() {
        try {
            Files.deleteIfExists(cluster.resolve("postmaster.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The port of the last start when it is free, so that people find the database where it was.
    private int choosePort() {
        int last = 0;
        try {
            Path file = home.resolve("port");
            if (Files.exists(file)) {
                last = Integer.parseInt(Files.readString(file).strip());
            }
        } catch (IOException | NumberFormatException e) {
            LOG.warn("Choosing a new port for PostgreSQL: {}", e.toString());
        }
        int chosen = free(last);
        if (chosen == 0) {
            chosen = free(0);
        }
        try {
            Files.writeString(home.resolve("port"), chosen + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return chosen;
    }

    /// The port when it is free, 0 when it is not; for 0 any free port.
    private static int free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            return 0;
        }
    }

    private void writeSettings() {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by the portal at every start; changes are lost.");
        lines.add("port = " + port);
        settings.forEach(
                (name, value) -> lines.add("%s = '%s'".formatted(name, value.replace("'", "''"))));
        try {
            Path file = cluster.resolve("portal.conf");
            Files.writeString(file, String.join("\n", lines) + "\n");
            user().give(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createLog(Path log) {
        try {
            Files.deleteIfExists(log);
            writePrivately(log, "");
            user().give(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String lastLines(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("Interrupted while PostgreSQL was starting", e);
        }
    }

    private static ConnectionInfo connection(int port, String password) {
        return new ConnectionInfo(
                "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, NAME), NAME, password);
    }

    private static String writePassword(Path file) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.deleteIfExists(file);
        writePrivately(file, password + "\n");
        return password;
    }

    private static String readPassword(Path home) {
        Path file = home.resolve("password");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new DatabaseException(
                    "The database password in %s cannot be read (%s); are you the user who started the portal?"
                            .formatted(file, e),
                    e);
        }
    }

    private static void writePrivately(Path file, String text) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void check(String doing, ServerUser.Answer answer) {
        if (answer.status() != 0) {
            throw new DatabaseException(
                    "PostgreSQL failed when %s:\n%s".formatted(doing, lastLines(answer.output())));
        }
    }

    private String program(String name) {
        if (programs == null) {
            throw new IllegalStateException("not started");
        }
        return programs.resolve("bin").resolve(name).toString();
    }

    private ServerUser user() {
        if (user == null) {
            throw new IllegalStateException("not started");
        }
        return user;
    }
}
