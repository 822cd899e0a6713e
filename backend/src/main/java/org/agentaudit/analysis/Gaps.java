package org.agentaudit.analysis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.query.CallPairing;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceWindow;
import org.jspecify.annotations.Nullable;

/// What the records of a trace leave open.
final class Gaps {

    private static final int CITED = 20;
    private static final int SILENCES = 5;
    private static final int SILENCES_TO_COMPARE = 4;
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(1);
    private static final Duration LONG_SILENCE = Duration.ofMinutes(1);
    private static final int EVENTS_TO_JUDGE_CLOCK = 5;

    /// A silence shorter than this part of the trace's time is not worth a line.
    private static final int PARTS = 25;

    private Gaps() {}

    static List<Statement> of(Story story) {
        List<Statement> gaps = new ArrayList<>();
        silences(story, gaps);
        unpairedCalls(story, gaps);
        looseResults(story, gaps);
        missingParents(story, gaps);
        retriesOfNothing(story, gaps);
        wholeSeconds(story, gaps);
        derivedTrace(story, gaps);
        return gaps;
    }

    /// Events that this account does not rest on.
    static List<Statement> notLookedAt(Trace trace, TraceWindow window) {
        List<AuditEvent> events = window.entries().stream().map(TimelineEntry::event).toList();
        if (events.isEmpty()) {
            return List.of();
        }
        List<Statement> gaps = new ArrayList<>();
        int last = events.size() - window.first();
        if (events.size() < trace.eventCount()) {
            gaps.add(
                    ForensicsAnalysis.recorded(
                            "Only the first "
                                    + window.first()
                                    + (last == 0 ? "" : " and the last " + last)
                                    + " of "
                                    + trace.eventCount()
                                    + " events were analysed; what "
                                    + (last == 0 ? "came after" : "lies between")
                                    + " is not in this account.",
                            last == 0
                                    ? List.of(events.getLast())
                                    : List.of(
                                            events.get(window.first() - 1),
                                            events.get(window.first()))));
        }
        if (trace.hiddenEvents() > 0) {
            gaps.add(
                    ForensicsAnalysis.recorded(
                            ForensicsAnalysis.plural(trace.hiddenEvents(), "event")
                                    + " of agents outside your scope "
                                    + (trace.hiddenEvents() == 1 ? "was" : "were")
                                    + " left out: what failed among them is not in this account.",
                            List.of(events.getFirst(), events.getLast())));
        }
        return gaps;
    }

    private record Silence(AuditEvent before, AuditEvent after, Duration length) {}

    /// Times in which no step was under way, where the step before says how long it took.
    private static void silences(Story story, List<Statement> gaps) {
        List<Silence> silences = new ArrayList<>();
        AuditEvent latest = null;
        for (AuditEvent event : story.events()) {
            if (latest != null) {
                Instant end = end(story, latest);
                if (hasDuration(story, latest) && end.isBefore(event.envelope().occurredAt())) {
                    silences.add(
                            new Silence(
                                    latest,
                                    event,
                                    Duration.between(end, event.envelope().occurredAt())));
                }
            }
            if (latest == null || !end(story, event).isBefore(end(story, latest))) {
                latest = event;
            }
        }
        Duration threshold = expected(silences);
        Duration part = whole(story).dividedBy(PARTS);
        if (part.compareTo(threshold) > 0) {
            threshold = part;
        }
        Duration least = threshold;
        silences.stream()
                .filter(silence -> silence.length().compareTo(least) > 0)
                .sorted(Comparator.comparing(Silence::length).reversed())
                .limit(SILENCES)
                .sorted(Comparator.comparing(s -> s.after().envelope().occurredAt()))
                .map(
                        silence ->
                                ForensicsAnalysis.recorded(
                                        "Nothing is recorded for "
                                                + Durations.text(silence.length())
                                                + " between the end of "
                                                + named(silence.before())
                                                + " and "
                                                + named(silence.after())
                                                + ", longer than usual in this trace.",
                                        List.of(silence.before(), silence.after())))
                .forEach(gaps::add);
    }

    private static Duration whole(Story story) {
        List<AuditEvent> events = story.events();
        return events.isEmpty()
                ? Duration.ZERO
                : Duration.between(
                        events.getFirst().envelope().occurredAt(),
                        events.getLast().envelope().occurredAt());
    }

    /// `'process_refund' (tool call)`
    private static String named(AuditEvent event) {
        String type = event.envelope().type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "'" + event.envelope().action() + "' (" + type + ")";
    }

    /// Twice the median, at least a second; with too few to compare, a minute.
    private static Duration expected(List<Silence> silences) {
        if (silences.size() < SILENCES_TO_COMPARE) {
            return LONG_SILENCE;
        }
        List<Duration> lengths = silences.stream().map(Silence::length).sorted().toList();
        Duration twiceMedian = lengths.get((lengths.size() - 1) / 2).multipliedBy(2);
        return twiceMedian.compareTo(SHORTEST_SILENCE) > 0 ? twiceMedian : SHORTEST_SILENCE;
    }

    private static @Nullable Double duration(Story story, AuditEvent event) {
        CallPairing.Call call = story.pairing().call(event.envelope().id());
        return call == null ? event.envelope().durationMs() : call.durationMs();
    }

    private static boolean hasDuration(Story story, AuditEvent event) {
        Double duration = duration(story, event);
        return duration != null && duration > 0;
    }

    private static Instant end(Story story, AuditEvent event) {
        Double duration = duration(story, event);
        return duration == null
                ? event.envelope().occurredAt()
                : event.envelope().occurredAt().plusNanos(Math.round(duration * 1e6));
    }

    private static void unpairedCalls(Story story, List<Statement> gaps) {
        List<AuditEvent> calls =
                events(
                        story,
                        story.pairing().calls().stream()
                                .filter(CallPairing.Call::unpaired)
                                .map(CallPairing.Call::call)
                                .toList());
        add(
                gaps,
                calls,
                "tool call",
                "has no result event and states no outcome",
                "have no result event and state no outcome");
    }

    private static void looseResults(Story story, List<Statement> gaps) {
        add(
                gaps,
                events(story, story.pairing().looseResults()),
                "tool result",
                "belongs to no recorded call",
                "belong to no recorded call");
    }

    private static void missingParents(Story story, List<Statement> gaps) {
        List<AuditEvent> orphans =
                story.events().stream()
                        .filter(event -> event.envelope().parentEventId() != null)
                        .filter(event -> story.byId(event.envelope().parentEventId()) == null)
                        .toList();
        add(
                gaps,
                orphans,
                "event",
                "names a parent that is not among these events",
                "name a parent that is not among these events");
    }

    private static void retriesOfNothing(Story story, List<Statement> gaps) {
        Envelope first =
                story.failures().stream().map(Failure::envelope).min(Story.BY_TIME).orElse(null);
        List<AuditEvent> retries =
                story.events(EventType.RETRY).stream()
                        .filter(
                                retry ->
                                        first == null
                                                || Story.BY_TIME.compare(first, retry.envelope())
                                                        >= 0)
                        .toList();
        add(
                gaps,
                retries,
                "retry",
                "has no failed attempt recorded before it",
                "have no failed attempt recorded before them");
    }

    /// Whole seconds beside steps of tenths: what happened first within a second cannot be told.
    private static void wholeSeconds(Story story, List<Statement> gaps) {
        List<AuditEvent> events = story.events();
        boolean whole =
                events.size() >= EVENTS_TO_JUDGE_CLOCK
                        && events.stream()
                                .allMatch(event -> event.envelope().occurredAt().getNano() == 0);
        boolean fine =
                events.stream()
                        .map(event -> event.envelope().durationMs())
                        .filter(Objects::nonNull)
                        .anyMatch(duration -> duration % 1000 != 0);
        if (whole && fine) {
            gaps.add(
                    ForensicsAnalysis.recorded(
                            "All times are whole seconds, while steps are timed more finely: order and"
                                    + " silences within a second are uncertain.",
                            List.of(events.getFirst(), events.getLast())));
        }
    }

    private static void derivedTrace(Story story, List<Statement> gaps) {
        List<AuditEvent> derived =
                story.events().stream().filter(event -> event.envelope().traceDerived()).toList();
        add(
                gaps,
                derived,
                "event",
                "carries no trace id of its own and was placed here by its session or its id",
                "carry no trace id of their own and were placed here by their session or id");
    }

    private static List<AuditEvent> events(Story story, List<Envelope> envelopes) {
        return envelopes.stream()
                .map(envelope -> story.byId(envelope.id()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static void add(
            List<Statement> gaps, List<AuditEvent> events, String noun, String one, String many) {
        if (!events.isEmpty()) {
            String plural =
                    noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
            gaps.add(
                    ForensicsAnalysis.recorded(
                            events.size() == 1
                                    ? "1 " + noun + " " + one + "."
                                    : events.size() + " " + plural + " " + many + ".",
                            events.stream().limit(CITED).toList()));
        }
    }
}
