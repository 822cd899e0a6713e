package org.agentaudit.investigation;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Session;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// Makes the [SessionPage] of a session, and notes in the access log what of it is shown.
@Singleton
class SessionPages {

    private static final int STEPS = 100;
    private static final int MOST_FINDINGS = 20;

    /// The first events, among which is the one that says who asked for what.
    private static final int OPENING = 20;

    private static final List<EventType> CALLS =
            List.of(EventType.TOOL_CALL, EventType.SKILL_CALL, EventType.EXTERNAL_CALL);

    private final EventQuery events;
    private final TraceQuery traces;
    private final SessionQuery sessions;
    private final Findings findings;
    private final ViewLog viewLog;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();
    private final Marks mark = new Marks();

    SessionPages(
            EventQuery events,
            TraceQuery traces,
            SessionQuery sessions,
            Findings findings,
            ViewLog viewLog,
            Format format,
            Clock clock) {
        this.events = events;
        this.traces = traces;
        this.sessions = sessions;
        this.findings = findings;
        this.viewLog = viewLog;
        this.format = format;
        this.clock = clock;
    }

    /// @param after place in the timeline; null: its beginning
    SessionPage of(Viewer viewer, Session session, @Nullable String after) {
        EventFilter all = EventFilter.builder().sessionId(session.id()).build();
        Page<AuditEvent> steps =
                events.find(viewer, all, EventOrder.OLDEST_FIRST, PageRequest.first(STEPS, after));
        List<AuditEvent> opening =
                after == null
                        ? steps.nodes().stream().limit(OPENING).toList()
                        : events.find(
                                        viewer,
                                        all,
                                        EventOrder.OLDEST_FIRST,
                                        PageRequest.first(OPENING, null))
                                .nodes();
        AuditEvent asked =
                opening.stream()
                        .filter(event -> event.envelope().type() == EventType.INVOCATION)
                        .findFirst()
                        .orElse(opening.isEmpty() ? null : opening.getFirst());
        viewLog.content(viewer, steps.nodes());
        List<String> ids = sessions.traceIds(viewer, session.id(), SessionPage.MOST_TRACES + 1);
        List<Trace> read =
                traces.byIds(viewer, ids.stream().limit(SessionPage.MOST_TRACES).toList());
        Page<Finding> found =
                findings.page(
                        viewer,
                        new FindingFilter(null, null, null, null, null, session.id(), null),
                        PageRequest.first(MOST_FINDINGS, null));
        long calls = count(viewer, session, CALLS);
        String end = steps.endCursor();
        return new SessionPage(
                session,
                state(read),
                sentence(session, read, ids.size() > read.size(), calls),
                asked,
                opening.stream()
                        .map(event -> event.content().userId())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                calls,
                count(viewer, session, List.of(EventType.HANDOFF)),
                count(viewer, session, List.of(EventType.HUMAN_INTERVENTION)),
                read,
                ids.size() > SessionPage.MOST_TRACES,
                parts(traces.statuses(steps.nodes())),
                steps.hasNextPage() && end != null
                        ? Links.address(link.session(session.id()), Map.of("after", List.of(end)))
                                + "#steps"
                        : null,
                after == null,
                found.nodes(),
                found.hasNextPage(),
                !viewer.mayReadContent(),
                clock.instant());
    }

    private long count(Viewer viewer, Session session, List<EventType> types) {
        return events.count(
                viewer, EventFilter.builder().sessionId(session.id()).types(types).build());
    }

    private static List<SessionPage.Part> parts(List<TimelineEntry> steps) {
        List<SessionPage.Part> parts = new ArrayList<>();
        int from = 0;
        for (int at = 1; at <= steps.size(); at++) {
            String trace = traceId(steps.get(at - 1));
            if (at == steps.size() || !traceId(steps.get(at)).equals(trace)) {
                parts.add(new SessionPage.Part(trace, steps.subList(from, at)));
                from = at;
            }
        }
        return parts;
    }

    private static String traceId(TimelineEntry step) {
        return step.event().envelope().traceId();
    }

    /// The worst outcome of the traces, as a shape.
    private String state(List<Trace> read) {
        for (Outcome outcome :
                List.of(Outcome.FAILURE, Outcome.PARTIAL, Outcome.PENDING, Outcome.SUCCESS)) {
            if (read.stream().anyMatch(trace -> trace.outcome() == outcome)) {
                return mark.kind(outcome);
            }
        }
        return mark.kind(Outcome.UNKNOWN);
    }

    private String sentence(Session session, List<Trace> read, boolean more, long calls) {
        long failed = read.stream().filter(trace -> trace.outcome() == Outcome.FAILURE).count();
        String agents =
                session.agentIds().size() == 1
                        ? session.agentIds().getFirst()
                        : format.count(session.agentIds().size(), "agent", "agents");
        return agents
                + " made "
                + format.count(calls, "call", "calls")
                + " in "
                + format.duration(session.durationMs())
                + "; "
                + (failed == 0
                        ? "no trace failed"
                        : format.count(failed)
                                + " of "
                                + (more ? "the first " : "")
                                + format.count(read.size(), "trace", "traces")
                                + " failed")
                + (session.retries() == 0
                        ? "."
                        : ", with " + format.count(session.retries(), "retry", "retries") + ".");
    }
}
