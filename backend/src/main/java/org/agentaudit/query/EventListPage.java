package org.agentaudit.query;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.chart.Chart;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// The event explorer; model of `views/query/events.html`.
///
/// @param query      the filters as one line, as typed where they cannot be read
/// @param problem    why the filter cannot be answered; null when it can
/// @param mistake    where in `query` the problem lies; null when it lies elsewhere
/// @param notice     what happened before: how the command box was taken, what was saved; null:
///     nothing
/// @param events     a part of those that match
/// @param overview   all that match, in numbers; null with a problem
/// @param chart      events over time; null without events
/// @param loosened   without any event: what would be found without one of the filters
/// @param ranges     times to choose
/// @param saved      searches the viewer may use
/// @param managed    whether the viewer's own saved searches are shown to be changed
/// @param username   of the viewer
/// @param oldest     oldest first instead of newest first
/// @param beforeHref null on the first part
/// @param afterHref  null on the last part
/// @param masked     the viewer sees no content, so may not filter by it
/// @param zone       of the times in the form
public record EventListPage(
        EventSearch search,
        String query,
        @Nullable String problem,
        @Nullable Mistake mistake,
        @Nullable String notice,
        List<AuditEvent> events,
        @Nullable EventOverview overview,
        @Nullable Chart chart,
        List<Loosened> loosened,
        List<Range> ranges,
        List<SavedSearch> saved,
        boolean managed,
        String username,
        boolean oldest,
        @Nullable String beforeHref,
        @Nullable String afterHref,
        boolean masked,
        String zone) {

    /// The query around the part that cannot be read.
    public record Mistake(String before, String part, String after) {}

    /// @param count events found without the filter of this name
    public record Loosened(String name, long count, String href) {}

    /// @param current whether it is the time that is searched
    public record Range(String label, String href, boolean current) {}

    public EventListPage {
        events = List.copyOf(events);
        loosened = List.copyOf(loosened);
        ranges = List.copyOf(ranges);
        saved = List.copyOf(saved);
    }

    /// The explorer with this search.
    static String href(EventSearch search, boolean oldest) {
        return href(search, oldest, Map.of());
    }

    static String href(EventSearch search, boolean oldest, Map<String, List<String>> others) {
        Map<String, List<String>> address = new LinkedHashMap<>(search.address());
        if (oldest) {
            address.put("order", List.of("oldest"));
        }
        address.putAll(others);
        return Links.address("/events", address);
    }

    public long total() {
        return overview == null ? 0 : overview.total();
    }

    /// The address of this very search.
    public String href() {
        return href(search, oldest);
    }

    public String otherOrderHref() {
        return href(search, !oldest);
    }

    /// The same search limited to one value.
    public String narrowed(String name, String value) {
        return href(search.with(name, value), oldest);
    }

    /// The same search without a filter.
    public String widened(String name) {
        return href(search.without(name), oldest);
    }

    /// The query to keep.
    public String savedQuery() {
        return SavedSearch.query(search);
    }

    /// Those the viewer may change.
    public List<SavedSearch> own() {
        return saved.stream().filter(search -> search.owner().equals(username)).toList();
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
        return Links.address("/events." + ending, search.address());
    }

    /// Words that complete what is typed into the query.
    public List<String> completions() {
        return EventCompletions.of(this);
    }

    public List<EventType> types() {
        return List.of(EventType.values());
    }

    public List<Outcome> outcomes() {
        return List.of(Outcome.values());
    }

    /// A constant as the query has it.
    static String constant(Enum<?> constant) {
        return constant.name().toUpperCase(Locale.ROOT);
    }
}
