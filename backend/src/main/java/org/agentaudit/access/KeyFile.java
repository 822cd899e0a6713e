package org.agentaudit.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A secret that a portal makes once and keeps in `keys/` of its data folder, readable by its user
/// alone.
final class KeyFile {
    private final Path folder;
    private final Path file;

    /// @param dataDir may not exist yet
    KeyFile(String dataDir, String name) {
        this.folder = Path.of(dataDir, "keys");
        this.file = folder.resolve(name);
    }

    /// What is kept; empty when nothing was made yet.
    Optional<String> read() {
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// What is kept, made at the first call.
    String readOrMake(Supplier<String> fresh) {
        try {
            Files.createDirectories(folder);
            if (!Files.exists(file)) {
                make(fresh.get());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a secret in " + folder, e);
        }
    }

    /// Written beside and moved, so that no other portal reads half a secret.
    private void make(String secret) throws IOException {
        Path fresh = Files.createTempFile(folder, "secret", ".new", ownerOnly(folder));
        try {
            Files.writeString(fresh, secret + "\n");
            Files.move(fresh, file);
        } catch (FileAlreadyExistsException e) {
            Files.delete(fresh); // another portal was faster: its secret counts
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-------");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
