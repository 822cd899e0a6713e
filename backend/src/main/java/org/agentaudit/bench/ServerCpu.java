package org.agentaudit.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Processor time of a PostgreSQL on this machine: of its first process, of those it started, and
/// of those that have ended. Linux only.
final class ServerCpu {
    private static final Path PROC = Path.of("/proc");
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int ENDED_USER = 13;
    private static final int ENDED_SYSTEM = 14;

    private final long server;

    private ServerCpu(long server) {
        this.server = server;
    }

    /// @param backend process id of a server process as PostgreSQL tells it
    /// @return null when there is no such process here
    static @Nullable ServerCpu of(long backend) {
        Path stat = PROC.resolve(Long.toString(backend)).resolve("stat");
        try {
            if (!Files.exists(stat) || !Files.readString(stat).contains("(postgres)")) {
                return null;
            }
            return new ServerCpu(Long.parseLong(fields(Files.readString(stat))[PARENT]));
        } catch (IOException e) {
            return null; // it ended, or is somebody else's
        }
    }

    /// Nanoseconds since the server was started.
    long nanos() {
        try (Stream<Path> processes = Files.list(PROC)) {
            return processes.mapToLong(this::ticks).sum() * NANOS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long ticks(Path process) {
        OptionalLong id = id(process);
        if (id.isEmpty()) {
            return 0;
        }
        try {
            String[] fields = fields(Files.readString(process.resolve("stat")));
            boolean itself = id.getAsLong() == server;
            if (!itself && Long.parseLong(fields[PARENT]) != server) {
                return 0;
            }
            long ticks = Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
            return itself
                    ? ticks
                            + Long.parseLong(fields[ENDED_USER])
                            + Long.parseLong(fields[ENDED_SYSTEM])
                    : ticks;
        } catch (IOException e) {
            return 0; // ended meanwhile
        }
    }

    private static OptionalLong id(Path process) {
        String name = process.getFileName().toString();
        return name.chars().allMatch(Character::isDigit)
                ? OptionalLong.of(Long.parseLong(name))
                : OptionalLong.empty();
    }

    /// What follows the name, which may hold anything.
    private static String[] fields(String stat) {
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
