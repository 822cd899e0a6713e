package org.agentaudit.query;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The event explorer; model of `views/query/events.html`.
///
/// @param problem   why the filter cannot be answered; null when it can
/// @param understood how what was typed into the command box was taken; null when the explorer was
///      opened otherwise
/// @param events    newest first
/// @param total     exact number of events that match
/// @param newerHref null on the first part
/// @param olderHref null on the last part
/// @param masked    the viewer sees no content, so may not filter by it
/// @param zone      of the times in the form
public record EventListPage(
        EventSearch search,
        @Nullable String problem,
        @Nullable String understood,
        List<AuditEvent> events,
        long total,
        @Nullable String newerHref,
        @Nullable String olderHref,
        boolean masked,
        String zone) {

    public EventListPage {
        events = List.copyOf(events);
    }

    /// Whether a time is typed in a form that a date-and-time field cannot show.
    public boolean freeTime(String name) {
        String value = search.value(name);
        return !value.isEmpty() && !value.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?");
    }

    /// Where the events that match are downloaded.
    ///
    /// @param ending of the file, for instance `csv`
    public String exportHref(String ending) {
        return Links.address("/events." + ending, search.parameters());
    }

    public List<EventType> types() {
        return List.of(EventType.values());
    }

    public List<Outcome> outcomes() {
        return List.of(Outcome.values());
    }
}
