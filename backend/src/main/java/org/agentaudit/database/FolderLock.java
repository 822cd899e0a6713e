package org.agentaudit.database;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second portal out of a data folder. Held by the operating system for as long as the
/// process lives, so a killed portal leaves nothing to clean up; the content is the holder's
/// process id, for people.
final class FolderLock implements Closeable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @throws DatabaseException when another process holds the folder, or the folder cannot be
    ///     written to
    static FolderLock acquire(Path folder) {
        Path file = folder.resolve("portal.lock");
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = Files.readString(file).strip();
                channel.close();
                throw new DatabaseException(
                        "The data folder %s is in use by another portal%s. Stop that one first, or give this one a folder of its own with PORTAL_DATA_DIR."
                                .formatted(
                                        folder,
                                        holder.isEmpty() ? "" : " (process " + holder + ")"));
            }
            String pid = ProcessHandle.current().pid() + System.lineSeparator();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            channel.force(true);
            return new FolderLock(channel);
        } catch (IOException e) {
            closeAfter(e, channel);
            throw new DatabaseException(
                    "The data folder %s cannot be written to (%s). Give the portal another one with PORTAL_DATA_DIR."
                            .formatted(folder, e),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // held by this very process, which for the caller is the same as by another one
            return null;
        }
    }

    private static void closeAfter(IOException cause, @Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
