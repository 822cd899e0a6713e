package org.agentaudit.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `postmaster.pid`, where a running server says who and where it is. It stays behind when the
/// server is killed.
record PostmasterFile(long pid, String folder, int port, boolean ready) {

    static Optional<PostmasterFile> read(Path cluster) {
        try {
            List<String> lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
            // id, data folder, start, port, socket folder, address, shared memory, status; written
            // line by line at start
            long pid = Long.parseLong(lines.getFirst().strip());
            String folder = lines.size() > 1 ? lines.get(1).strip() : cluster.toString();
            int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
            boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
            return Optional.of(new PostmasterFile(pid, folder, port, ready));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw new DatabaseException(
                    "Cannot read %s: %s".formatted(cluster.resolve("postmaster.pid"), e), e);
        }
    }

    /// The server's process; empty when it is gone, also when its id now belongs to another
    /// program.
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isServer);
    }

    private boolean isServer(ProcessHandle process) {
        String line = commandLine(process);
        return line.contains("postgres") && line.contains(folder);
    }

    private static String commandLine(ProcessHandle process) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            // empty for a process that is dead and waits for its parent to notice
            return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException e) {
            // not Linux, or gone this moment
            return process.info().commandLine().orElse("");
        }
    }
}
