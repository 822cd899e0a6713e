package org.agentaudit.finding;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;

/// Content of events in memory.
final class MapTexts implements Texts {
    private final Map<UUID, AuditEvent> events = new HashMap<>();

    static MapTexts of(Collection<AuditEvent> events) {
        MapTexts texts = new MapTexts();
        events.forEach(event -> texts.events.put(event.envelope().id(), event));
        return texts;
    }

    @Override
    public void each(Collection<UUID> eventIds, Reader reader) {
        for (UUID id : eventIds) {
            AuditEvent event = events.get(id);
            if (event != null) {
                reader.read(id, event.content().params(), event.content().result());
            }
        }
    }
}
