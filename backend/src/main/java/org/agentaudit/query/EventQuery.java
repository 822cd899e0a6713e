package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AgentScope;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.EventFilter;

/// Reads events for a viewer.
@Singleton
public class EventQuery {

    private static final int RECENT_ERRORS = 10;
    private static final int MAXIMUM_MINUTES = 1440;

    private final EventReadRepository repository;
    private final Clock clock;

    EventQuery(EventReadRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /// A part of the events that match, in the order asked for.
    ///
    /// @throws BadInputException     when the filter or a cursor is malformed
    /// @throws AccessDeniedException when a masked viewer filters by content
    public Page<AuditEvent> find(
            Viewer viewer, EventFilter filter, EventOrder order, PageRequest page) {
        return find(viewer, conditions(viewer, filter), order, page);
    }

    /// Events of the period that speak against a check, oldest first.
    public Page<AuditEvent> evidence(
            Viewer viewer, Period period, Evidence evidence, PageRequest page) {
        return find(viewer, conditions(viewer, period, evidence), EventOrder.OLDEST_FIRST, page);
    }

    /// Number of events of the period that speak against a check.
    public long countEvidence(Viewer viewer, Period period, Evidence evidence) {
        return repository.count(conditions(viewer, period, evidence));
    }

    /// The same by agent; agents without such an event are absent.
    public Map<String, Long> countEvidenceByAgent(Viewer viewer, Period period, Evidence evidence) {
        return repository.countByAgent(conditions(viewer, period, evidence));
    }

    private Page<AuditEvent> find(
            Viewer viewer, EventConditions conditions, EventOrder order, PageRequest page) {
        boolean oldestFirst = order == EventOrder.OLDEST_FIRST;
        String after = page.after();
        if (after != null) {
            bound(conditions, Cursor.decode(after), oldestFirst);
        }
        String before = page.before();
        if (before != null) {
            bound(conditions, Cursor.decode(before), !oldestFirst);
        }
        boolean ascending = oldestFirst != page.backwards();
        List<AuditEvent> found =
                new ArrayList<>(repository.find(conditions, ascending, page.size() + 1));
        boolean more = found.size() > page.size();
        if (more) {
            found.removeLast();
        }
        if (page.backwards()) {
            Collections.reverse(found);
        }
        List<Page.Edge<AuditEvent>> edges =
                found.stream()
                        .map(
                                event ->
                                        new Page.Edge<>(
                                                Cursor.of(event.envelope()).encode(),
                                                Disclosure.of(event, viewer)))
                        .toList();
        return page.backwards()
                ? new Page<>(edges, before != null, more)
                : new Page<>(edges, more, after != null);
    }

    /// Exact number of stored events that match.
    public long count(Viewer viewer, EventFilter filter) {
        return repository.count(conditions(viewer, filter));
    }

    /// One event; empty when there is none or it lies outside the viewer's scope.
    public Optional<AuditEvent> byId(Viewer viewer, UUID id) {
        return byIds(viewer, List.of(id)).stream().findFirst();
    }

    /// The events that exist and are in scope, in no particular order.
    public List<AuditEvent> byIds(Viewer viewer, List<UUID> ids) {
        viewer.requireReader();
        if (ids.isEmpty()) {
            return List.of();
        }
        AgentScope scope = AgentScope.of(viewer);
        return repository.byIds(ids).stream()
                .filter(event -> scope.includes(event.envelope().agentId()))
                .map(event -> Disclosure.of(event, viewer))
                .toList();
    }

    /// When and why the content of an event that was read went; empty when it is there or nothing
    /// was stated.
    public Optional<ContentRemoval> contentRemoval(AuditEvent event) {
        return event.content().equals(Content.NONE)
                ? repository.contentRemoval(event.envelope().arrival())
                : Optional.empty();
    }

    /// The last `minutes` (1 to 1440) from the store.
    public Activity activity(Viewer viewer, int minutes) {
        viewer.requireReader();
        if (minutes < 1 || minutes > MAXIMUM_MINUTES) {
            throw new BadInputException("'minutes' must be 1 to " + MAXIMUM_MINUTES + ".");
        }
        Instant to = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant from = to.minus(Duration.ofMinutes(minutes));
        long[] events = new long[minutes];
        long[] errors = new long[minutes];
        long total = 0;
        long errorTotal = 0;
        for (long[] row : repository.perMinute(viewer, from, to)) {
            int minute = (int) row[0];
            events[minute] = row[1];
            errors[minute] = row[2];
            total += row[1];
            errorTotal += row[2];
        }
        List<Activity.MinutePoint> points = new ArrayList<>(minutes);
        for (int i = 0; i < minutes; i++) {
            points.add(
                    new Activity.MinutePoint(
                            from.plus(Duration.ofMinutes(i)), events[i], errors[i]));
        }
        EventFilter failed = EventFilter.builder().from(from).to(to).errored(true).build();
        return new Activity(
                from,
                to,
                total,
                (double) total / Duration.ofMinutes(minutes).toSeconds(),
                repository.activeAgents(viewer, from, to),
                errorTotal,
                points,
                find(
                                viewer,
                                failed,
                                EventOrder.NEWEST_FIRST,
                                PageRequest.first(RECENT_ERRORS, null))
                        .nodes());
    }

    private static EventConditions conditions(Viewer viewer, Period period, Evidence evidence) {
        EventConditions conditions =
                conditions(
                        viewer, EventFilter.builder().from(period.from()).to(period.to()).build());
        conditions.evidence(evidence);
        return conditions;
    }

    /// What the viewer may ask for.
    static EventConditions conditions(Viewer viewer, EventFilter filter) {
        viewer.requireReader();
        if (!viewer.mayReadContent() && (filter.text() != null || filter.userId() != null)) {
            throw new AccessDeniedException(
                    "Filtering by 'text' or 'userId' needs a role that sees event content.");
        }
        return EventConditions.of(viewer, filter);
    }

    private static void bound(EventConditions conditions, Cursor cursor, boolean later) {
        if (later) {
            conditions.after(cursor);
        } else {
            conditions.before(cursor);
        }
    }
}
