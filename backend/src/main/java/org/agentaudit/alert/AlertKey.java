package org.agentaudit.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values of a condition's keys in one group.
///
/// @param values null where the events have none; empty without keys
record AlertKey(List<@Nullable String> values) {

    private static final int LONGEST = 1_000;

    AlertKey {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /// The same for the same values, of bounded length; empty without keys.
    String id() {
        if (values.isEmpty()) {
            return "";
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String value : values) {
                byte[] bytes =
                        Objects.requireNonNullElse(value, "").getBytes(StandardCharsets.UTF_8);
                digest.update(
                        (value == null ? "-" : bytes.length + ":")
                                .getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// For people: the value, or `field=value` for several fields; null without keys. Control
    /// characters, which agents may put into names, are replaced.
    @Nullable String text(List<EventField> fields) {
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() == 1) {
            return shown(values.getFirst());
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            parts.add(fields.get(i).word() + "=" + shown(values.get(i)));
        }
        return String.join(", ", parts);
    }

    private static String shown(@Nullable String value) {
        if (value == null) {
            return "unspecified";
        }
        StringBuilder shown = new StringBuilder();
        value.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
