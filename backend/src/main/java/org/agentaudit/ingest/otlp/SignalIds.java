package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Ids of signals: 32 and 16 hexadecimal digits that are not all zero in OTLP, any text in what
/// tools store.
final class SignalIds {
    private static final int LONGEST = 256;

    private SignalIds() {}

    /// @throws RejectedException when the span has no id, or one that is none
    static String trace(ObjectNode tree) {
        return checked(tree, "traceId", 32);
    }

    static String span(ObjectNode tree) {
        return checked(tree, "spanId", 16);
    }

    /// The parent's id; null when there is none.
    static @Nullable String parent(ObjectNode tree) {
        String id = tree.path("parentSpanId").asText("");
        return id.isEmpty() || isZero(id) ? null : checked(tree, "parentSpanId", 16);
    }

    /// The id when it is one, for records that need none.
    static @Nullable String valid(ObjectNode tree, String name, int digits) {
        String id = tree.path(name).asText("");
        return isHex(id, digits) && !isZero(id) ? id : null;
    }

    private static String checked(ObjectNode tree, String name, int digits) {
        String id = tree.path(name).asText("");
        if (tree.has(SignalTree.FROM)) {
            if (id.isEmpty() || id.length() > LONGEST) {
                throw new RejectedException(name + " is missing or has more than 256 characters");
            }
            return id;
        }
        if (!isHex(id, digits) || isZero(id)) {
            throw new RejectedException(
                    name + " must be " + digits + " hexadecimal digits that are not all zero");
        }
        return id;
    }

    private static boolean isHex(String id, int digits) {
        return id.length() == digits
                && id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    private static boolean isZero(String id) {
        return id.chars().allMatch(c -> c == '0');
    }
}
