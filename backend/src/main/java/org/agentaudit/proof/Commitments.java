package org.agentaudit.proof;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stored form of the commitments to an event's content: for each stated part its number in one
/// byte and its commitment in 32, in the order of the numbers. Null stands for no part.
public final class Commitments {
    static final int HASH_BYTES = 32;
    static final int ENTRY_BYTES = 1 + HASH_BYTES;

    private Commitments() {}

    /// Where the commitment to a part starts; negative when there is none.
    static int indexOf(byte[] commitments, Part part) {
        for (int at = 0; at < commitments.length; at += ENTRY_BYTES) {
            if (commitments[at] == part.number()) {
                return at + 1;
            }
        }
        return -1;
    }

    /// @throws IllegalArgumentException when the bytes are no stored form
    static void require(byte[] commitments) {
        if (commitments.length == 0 || commitments.length % ENTRY_BYTES != 0) {
            throw new IllegalArgumentException("commitments have a wrong length");
        }
        int before = 0;
        for (int at = 0; at < commitments.length; at += ENTRY_BYTES) {
            if (commitments[at] <= before || commitments[at] > Part.count()) {
                throw new IllegalArgumentException("commitments name a part that does not exist");
            }
            before = commitments[at];
        }
    }

    /// The stored form of commitments by part.
    static byte @Nullable [] of(Map<Part, byte[]> commitments) {
        if (commitments.isEmpty()) {
            return null;
        }
        byte[] bytes = new byte[commitments.size() * ENTRY_BYTES];
        int at = 0;
        for (Map.Entry<Part, byte[]> entry : new EnumMap<>(commitments).entrySet()) {
            bytes[at] = (byte) entry.getKey().number();
            System.arraycopy(entry.getValue(), 0, bytes, at + 1, HASH_BYTES);
            at += ENTRY_BYTES;
        }
        return bytes;
    }
}
