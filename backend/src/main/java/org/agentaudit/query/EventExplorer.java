package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// Makes the page of the event explorer.
@Singleton
class EventExplorer {

    static final String AFTER = "after";
    static final String BEFORE = "before";
    static final String ORDER = "order";
    static final String SAVED = "saved";

    /// Set by the command box, when what was typed is nothing else than words to look for.
    static final String ASKED = "asked";

    private static final int PAGE_SIZE = 50;

    private final EventQuery events;
    private final EventSearches searches;
    private final EventOverviews overviews;
    private final SavedSearches saved;
    private final Format format;
    private final Clock clock;

    EventExplorer(
            EventQuery events,
            EventSearches searches,
            EventOverviews overviews,
            SavedSearches saved,
            Format format,
            Clock clock) {
        this.events = events;
        this.searches = searches;
        this.overviews = overviews;
        this.saved = saved;
        this.format = format;
        this.clock = clock;
    }

    /// @param address the page's parameters
    /// @throws BadInputException when one of them cannot be understood
    EventListPage page(Viewer viewer, EventSearch search, Map<String, List<String>> address) {
        boolean oldest = oldest(address);
        EventFilter filter = searches.filter(viewer, search, format.zone());
        String after = first(address, AFTER);
        String before = first(address, BEFORE);
        PageRequest part =
                before == null
                        ? PageRequest.first(PAGE_SIZE, after)
                        : new PageRequest(null, null, PAGE_SIZE, before);
        Page<AuditEvent> found =
                events.find(
                        viewer,
                        filter,
                        oldest ? EventOrder.OLDEST_FIRST : EventOrder.NEWEST_FIRST,
                        part);
        EventOverview overview = overviews.of(viewer, filter, format.zone());
        return new EventListPage(
                search,
                EventQueryText.of(search),
                null,
                null,
                notice(search, address),
                found.nodes(),
                overview,
                overview.buckets().isEmpty() ? null : chart(search, overview),
                overview.total() == 0 ? loosened(viewer, search, oldest) : List.of(),
                ranges(search, oldest),
                saved.of(viewer),
                "all".equals(first(address, SAVED)),
                viewer.username(),
                oldest,
                found.hasPreviousPage() ? part(search, oldest, BEFORE, found.startCursor()) : null,
                found.hasNextPage() ? part(search, oldest, AFTER, found.endCursor()) : null,
                !viewer.mayReadContent(),
                format.zone().getId());
    }

    /// The page of a line that cannot be read.
    EventListPage mistaken(
            Viewer viewer, EventSearch search, String query, EventQueryText.Problem problem) {
        int end = Math.min(query.length(), problem.at() + problem.length());
        return failed(
                viewer,
                search,
                query,
                "at character " + (problem.at() + 1) + ", " + problem.message(),
                new EventListPage.Mistake(
                        query.substring(0, problem.at()),
                        query.substring(problem.at(), end),
                        query.substring(end)));
    }

    /// The page of filters that cannot be answered.
    EventListPage refused(Viewer viewer, EventSearch search, String problem) {
        return failed(viewer, search, EventQueryText.of(search), problem, null);
    }

    private EventListPage failed(
            Viewer viewer,
            EventSearch search,
            String query,
            String problem,
            EventListPage.@Nullable Mistake mistake) {
        return new EventListPage(
                search,
                query,
                problem,
                mistake,
                null,
                List.of(),
                null,
                null,
                List.of(),
                ranges(search, false),
                saved.of(viewer),
                false,
                viewer.username(),
                false,
                null,
                null,
                !viewer.mayReadContent(),
                format.zone().getId());
    }

    private static boolean oldest(Map<String, List<String>> address) {
        String order = first(address, ORDER);
        if (order == null || order.equals("newest")) {
            return false;
        }
        if (order.equals("oldest")) {
            return true;
        }
        throw new BadInputException("'order' is newest or oldest.");
    }

    private Chart chart(EventSearch search, EventOverview overview) {
        List<EventOverview.Bucket> buckets = overview.buckets();
        EventOverview.Bucket most = buckets.getFirst();
        for (EventOverview.Bucket bucket : buckets) {
            most = bucket.events() > most.events() ? bucket : most;
        }
        boolean days = overview.step().compareTo(Duration.ofDays(1)) >= 0;
        Function<EventOverview.Bucket, String> start =
                bucket ->
                        days
                                ? format.date(bucket.from()).toString()
                                : format.dateMinute(bucket.from());
        String step =
                days
                        ? format.count(overview.step().toDays(), "day", "days")
                        : format.duration((double) overview.step().toMillis());
        String sentence =
                "%s in steps of %s; most from %s: %s."
                        .formatted(
                                format.count(overview.total(), "event", "events"),
                                step,
                                start.apply(most),
                                format.count(most.events()));
        List<Point> errored = new ArrayList<>();
        List<Point> others = new ArrayList<>();
        for (EventOverview.Bucket bucket : buckets) {
            EventSearch within =
                    search.with("from", bucket.from().toString())
                            .with("to", bucket.to().toString());
            String href = bucket.events() == 0 ? null : EventListPage.href(within, false);
            long fine = bucket.events() - bucket.errors();
            errored.add(Point.of(bucket.errors(), format.count(bucket.errors()), href));
            others.add(Point.of(fine, format.count(fine), href));
        }
        return Chart.of(
                Kind.STACKED,
                "Events over time",
                sentence,
                Axis.COUNT,
                "From",
                buckets.stream().map(start).toList(),
                List.of(
                        new Series("errored", Hue.FAILED, errored),
                        new Series("other events", Hue.NEUTRAL, others)));
    }

    /// What would be found without each of the filters, for an answer without events.
    private List<EventListPage.Loosened> loosened(
            Viewer viewer, EventSearch search, boolean oldest) {
        List<EventListPage.Loosened> all = new ArrayList<>();
        for (String name : search.names()) {
            EventSearch wider = search.without(name);
            long count = events.count(viewer, searches.filter(viewer, wider, format.zone()));
            if (count > 0) {
                all.add(new EventListPage.Loosened(name, count, EventListPage.href(wider, oldest)));
            }
        }
        return all;
    }

    private List<EventListPage.Range> ranges(EventSearch search, boolean oldest) {
        Instant now = clock.instant();
        LocalDate today = format.date(now);
        String hour = now.minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MINUTES).toString();
        List<EventListPage.Range> all = new ArrayList<>();
        all.add(range(search, oldest, "Any time", null));
        all.add(range(search, oldest, "Last hour", hour));
        all.add(range(search, oldest, "Today", today.toString()));
        all.add(range(search, oldest, "7 days", today.minusDays(6).toString()));
        all.add(range(search, oldest, "30 days", today.minusDays(29).toString()));
        return all;
    }

    private static EventListPage.Range range(
            EventSearch search, boolean oldest, String label, @Nullable String from) {
        EventSearch untimed = search.without("from").without("to");
        return new EventListPage.Range(
                label,
                EventListPage.href(from == null ? untimed : untimed.with("from", from), oldest),
                search.value("from").equals(from == null ? "" : from)
                        && search.value("to").isEmpty());
    }

    private static @Nullable String notice(EventSearch search, Map<String, List<String>> address) {
        if (address.containsKey(ASKED)) {
            return "What you typed is no known command, date, id or agent, so "
                    + (search.value("text").isEmpty()
                            ? "it was looked for as the name of an action."
                            : "its words were looked for: each event below contains all of them.");
        }
        return "new".equals(first(address, SAVED)) ? "The search is saved." : null;
    }

    private static @Nullable String part(
            EventSearch search, boolean oldest, String name, @Nullable String cursor) {
        return cursor == null
                ? null
                : EventListPage.href(search, oldest, Map.of(name, List.of(cursor)));
    }

    private static @Nullable String first(Map<String, List<String>> address, String name) {
        List<String> values = address.getOrDefault(name, List.of());
        return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
    }
}
