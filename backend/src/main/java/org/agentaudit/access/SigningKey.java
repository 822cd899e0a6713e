package org.agentaudit.access;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
                        ? decode(new KeyFile(dataDir, FILE).readOrMake(SigningKey::random), FILE)
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

    private static String random() {
        return Base64.getEncoder().encodeToString(Secrets.randomBytes());
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
}
