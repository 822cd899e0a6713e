package org.agentaudit.access;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Stands for a person whose id must not be kept: HMAC-SHA-256 under `keys/erasure.key` in the data
/// folder. Without that file nobody can find out whom it stands for by trying ids, with it the
/// portal recognises the same person again. Several portals on one database need the same file.
@Singleton
public class Pseudonyms {
    static final String FILE = "erasure.key";

    private static final String ALGORITHM = "HmacSHA256";

    private final KeyFile file;

    Pseudonyms(@Value("${portal.data-dir:data}") String dataDir) {
        this.file = new KeyFile(dataDir, FILE);
    }

    /// 32 bytes, always the same for the same id.
    public byte[] of(String userId) {
        String secret =
                file.readOrMake(() -> Base64.getEncoder().encodeToString(Secrets.randomBytes()));
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret), ALGORITHM));
            return mac.doFinal(userId.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
