package org.agentaudit.ingest.normal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How an event's id comes to be (metrics "Event id"): repeatable, so that a line sent twice is one
/// event.
public final class EventIds {
    private static final UUID NAMESPACE = UUID.fromString("20e93f1f-b572-517a-8a1d-0b7de128987c");

    private EventIds() {}

    /// The id a producer's text stands for: itself when it is a UUID, else a UUID v5 of its UTF-8
    /// bytes.
    public static UUID fromText(String text) {
        UUID uuid = parse(text);
        return uuid == null ? nameBased(text.getBytes(StandardCharsets.UTF_8)) : uuid;
    }

    /// UUID version 5 (RFC 9562, 5.5) in the portal's namespace.
    public static UUID nameBased(byte[] name) {
        MessageDigest sha1 = digest("SHA-1");
        sha1.update(
                ByteBuffer.allocate(16)
                        .putLong(NAMESPACE.getMostSignificantBits())
                        .putLong(NAMESPACE.getLeastSignificantBits())
                        .flip());
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name));
        long high = hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x5000L;
        long low = hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /// SHA-256 of the bytes, 32 bytes.
    public static byte[] sha256(byte[] bytes) {
        return digest("SHA-256").digest(bytes);
    }

    /// A UUID in its 36-character form, in any case; null for any other text. `UUID.fromString`
    /// would take `1-1-1-1-1`.
    static @Nullable UUID parse(String text) {
        if (text.length() != 36) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return null;
            }
            if (i < 18) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
        }
        return new UUID(high, low);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
