package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/// Password hashes: Argon2id, 19 MiB, two passes (OWASP Password Storage Cheat Sheet).
@Singleton
class Passwords {
    static final int MIN_LENGTH = 8;
    static final int MAX_LENGTH = 256;

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;
    private static final int GENERATED_BYTES = 15;

    private final Argon2PasswordEncoder encoder =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);
    private final SecureRandom random = new SecureRandom();
    private final String hashOfNobody = encoder.encode(generate());

    /// @throws IllegalArgumentException when the password is too short or too long; the message
    ///      says the limits
    String hash(String password) {
        int length = password.codePointCount(0, password.length());
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw new FieldProblem(
                    "password",
                    "A password has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters.");
        }
        return encoder.encode(password);
    }

    /// Takes the same time for a user that does not exist, so that names cannot be found by timing.
    ///
    /// @param hash null when there is no such user
    boolean matches(String password, @Nullable String hash) {
        if (password.length() > 2 * MAX_LENGTH) {
            return false;
        }
        boolean equal = encoder.matches(password, hash == null ? hashOfNobody : hash);
        return equal && hash != null;
    }

    /// 120 random bits as 20 characters.
    String generate() {
        byte[] bytes = new byte[GENERATED_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
