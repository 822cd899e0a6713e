package org.agentaudit.ingest.jsonl;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.event.EventType;
import org.jspecify.annotations.Nullable;

/// Event types by their names.
final class EventTypes {
    private static final Map<String, EventType> BY_NAME = new HashMap<>();

    static {
        for (EventType type : EventType.values()) {
            BY_NAME.put(type.name().toLowerCase(Locale.ROOT), type);
        }
    }

    private EventTypes() {}

    /// The type of that name, in any case; [EventType#OTHER] for a word nobody knows.
    static EventType named(@Nullable String name) {
        return name == null
                ? EventType.OTHER
                : BY_NAME.getOrDefault(name.toLowerCase(Locale.ROOT), EventType.OTHER);
    }
}
