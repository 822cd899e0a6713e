package org.agentaudit.retention;

import io.micronaut.context.annotation.Value;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.agentaudit.store.ArchiveRepository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder `archive` of the data folder, readable by the portal's user alone: a folder for each
/// run of retention, in it a file for each transaction that removed events.
///
/// A file gets its name when all of it is on disk, and before the transaction that names it in its
/// deletion record is committed. So a crash can leave a file whose events are still stored, never
/// the opposite; the next run deletes such files.
@Singleton
class ArchiveFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveFiles.class);
    private static final String PART = ".part";

    private final Path folder;
    private final String portal;
    private final ArchiveRepository archives;
    private final DeletionListRepository deletions;
    private final TransactionOperations<Connection> transactions;

    ArchiveFiles(
            @Value("${portal.data-dir:data}") String dataDir,
            @Value("${portal.version:development}") String portal,
            ArchiveRepository archives,
            DeletionListRepository deletions,
            TransactionOperations<Connection> transactions) {
        this.folder = Path.of(dataDir, "archive");
        this.portal = portal;
        this.archives = archives;
        this.deletions = deletions;
        this.transactions = transactions;
    }

    Path folder() {
        return folder;
    }

    /// Archives the events that `removed_event` names. Afterwards the file is on disk for good.
    ///
    /// @param run   number of the run
    /// @param step  of the run, from 1
    /// @param first month of the earliest event
    /// @return name below the folder; null when there was nothing to archive
    /// @throws ArchiveFailedException when the file cannot be written; none is left
    @Nullable String write(Connection connection, long run, int step, YearMonth first)
            throws SQLException {
        String runName = String.format(Locale.ROOT, "run-%06d", run);
        String name = String.format(Locale.ROOT, "events-%s-%06d-%06d.jsonl.zst", first, run, step);
        Path into = folder.resolve(runName);
        Path part = into.resolve(name + PART);
        Path file = into.resolve(name);
        try {
            Files.createDirectories(into, permissions("rwx------"));
            try {
                if (!writePart(connection, part)) {
                    return null;
                }
                if (Files.exists(file)) {
                    throw new FileAlreadyExistsException(file.toString());
                }
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            sync(into);
            sync(folder);
        } catch (IOException e) {
            throw new ArchiveFailedException(e);
        }
        return runName + "/" + name;
    }

    private boolean writePart(Connection connection, Path part) throws IOException, SQLException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(part, options, permissions("rw-------"))) {
            long events = archives.write(connection, new Kept(channel), portal);
            channel.force(true);
            return events > 0;
        }
    }

    /// Deletes what a crash left: files that were not finished, and files that no deletion record
    /// names while all their events are stored. One that no record names and whose events are not
    /// stored may be the only copy: it stays, and the log says so.
    void deleteLeftovers() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            List<Path> files;
            try (Stream<Path> found = Files.walk(folder, 2)) {
                files = found.filter(Files::isRegularFile).toList();
            }
            Set<String> recorded =
                    new HashSet<>(
                            transactions.executeRead(
                                    status -> deletions.archives(status.getConnection())));
            for (Path file : files) {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (name.endsWith(PART)) {
                    Files.delete(file);
                } else if (name.endsWith(".jsonl.zst") && !recorded.contains(name)) {
                    deleteIfStored(file, name);
                }
            }
        } catch (IOException e) {
            throw new ArchiveFailedException(e);
        }
    }

    private void deleteIfStored(Path file, String name) throws IOException {
        if (stored(file)) {
            Files.delete(file);
            LOG.info("Archive {} was of a removal that never was, and is deleted", name);
        } else {
            LOG.warn(
                    "Archive {} is named by no record of a removal, and its events are not all stored: it is kept",
                    name);
        }
    }

    private boolean stored(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return transactions.executeRead(
                    status -> {
                        try {
                            return archives.allStored(status.getConnection(), in);
                        } catch (IOException e) {
                            LOG.debug("{} is no archive", file, e);
                            return false;
                        }
                    });
        }
    }

    /// A name is there for good only when its folder is on disk too.
    private static void sync(Path directory) throws IOException {
        if (isPosix(directory)) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private FileAttribute<?>[] permissions(String permissions) {
        return isPosix(folder)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /// Leaves the channel open when it is closed, since what was written must be forced to disk
    /// first.
    private static final class Kept extends FilterOutputStream {
        Kept(FileChannel channel) {
            super(Channels.newOutputStream(channel));
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
