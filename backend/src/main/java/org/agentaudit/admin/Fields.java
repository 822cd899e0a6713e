package org.agentaudit.admin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of a form as a browser sent them; a field may occur several times.
record Fields(Map<String, Object> values) {

    /// Without blanks around it; empty when it was not sent.
    String text(String name) {
        return raw(name).strip();
    }

    /// As typed, for passwords.
    String raw(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    @Nullable String csrf() {
        return values.get("csrf") instanceof String token ? token : null;
    }

    List<String> all(String name) {
        Object value = values.get(name);
        return switch (value) {
            case null -> List.of();
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            default -> List.of(value.toString());
        };
    }
}
