package org.agentaudit.access;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secret behind access tokens and form tokens: from the settings, else `keys/access-token.key`
/// in the data folder, made at first start and readable by the portal's user alone.
@Singleton
class SigningKey {
    static final String FILE = "access-token.key";

    private static final int MIN_BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] secret;

    SigningKey(AccessConfig config, @Value("${portal.data-dir:data}") String dataDir) {
        String configured = config.signingKey();
        this.secret =
                configured == null
                        ? decode(keptIn(Path.of(dataDir, "keys")), FILE)
                        : decode(configured, "portal.access.signing-key");
    }

    byte[] secret() {
        return secret.clone();
    }

    /// Keyed hash (HMAC-SHA-256) of a text, as 43 URL-safe characters.
    String mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] decode(String base64, String where) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(where + " is not Base64", e);
        }
        if (bytes.length < MIN_BYTES) {
            throw new IllegalStateException(where + " has less than " + MIN_BYTES + " bytes");
        }
        return bytes;
    }

    private static String keptIn(Path folder) {
        try {
            Files.createDirectories(folder);
            Path file = folder.resolve(FILE);
            if (!Files.exists(file)) {
                make(folder, file);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the signing key in " + folder, e);
        }
    }

    /// Written beside and moved, so that no other portal reads half a key.
    private static void make(Path folder, Path file) throws IOException {
        Path fresh = Files.createTempFile(folder, FILE, ".new", ownerOnly(folder));
        try {
            Files.writeString(
                    fresh, Base64.getEncoder().encodeToString(Secrets.randomBytes()) + "\n");
            Files.move(fresh, file);
        } catch (FileAlreadyExistsException e) {
            Files.delete(fresh); // another portal was faster: its key counts
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
