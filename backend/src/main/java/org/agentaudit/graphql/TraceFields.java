package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.analysis.ForensicsQuery;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.jspecify.annotations.Nullable;

/// `trace`, `task` and the fields of a trace.
@Singleton
final class TraceFields implements FieldSource {
    private final TraceQuery traces;
    private final EventQuery events;
    private final ForensicsQuery forensics;

    TraceFields(TraceQuery traces, EventQuery events, ForensicsQuery forensics) {
        this.traces = traces;
        this.events = events;
        this.forensics = forensics;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "trace", this::trace);
        fields.field("Query", "task", this::task);
        fields.record("Trace", Trace.class);
        fields.field("Trace", "timeline", this::timeline);
        fields.field("Trace", "graph", this::graph);
        fields.field("Trace", "forensics", this::forensics);
        fields.field("Trace", "events", this::events);
        fields.record("Completeness", Completeness.class);
        registerTimeline(fields);
        registerGraph(fields);
        registerForensics(fields);
    }

    private @Nullable Trace trace(DataFetchingEnvironment environment) {
        Viewer viewer = RequestContext.of(environment).viewer();
        return traces.byId(viewer, Arguments.of(environment).requiredText("id"))
                .map(trace -> viewed(trace, environment))
                .orElse(null);
    }

    private List<Trace> task(DataFetchingEnvironment environment) {
        Viewer viewer = RequestContext.of(environment).viewer();
        return traces.ofTask(viewer, Arguments.of(environment).requiredText("id")).stream()
                .map(trace -> viewed(trace, environment))
                .toList();
    }

    private List<TimelineEntry> timeline(DataFetchingEnvironment environment) {
        return read(viewed(source(environment), environment), environment);
    }

    private TraceGraph graph(DataFetchingEnvironment environment) {
        return TraceGraph.of(read(viewed(source(environment), environment), environment));
    }

    private List<TimelineEntry> read(Trace trace, DataFetchingEnvironment environment) {
        int limit = Arguments.of(environment).numberBetween("limit", 1, Arguments.MAXIMUM_ROWS);
        return traces.timeline(RequestContext.of(environment).viewer(), trace.id(), limit);
    }

    private Connection<AuditEvent> events(DataFetchingEnvironment environment) {
        Trace trace = viewed(source(environment), environment);
        return EventFields.find(
                events,
                RequestContext.of(environment).viewer(),
                EventFilter.builder().traceId(trace.id()).build(),
                EventOrder.OLDEST_FIRST,
                Arguments.of(environment).page());
    }

    private Forensics forensics(DataFetchingEnvironment environment) {
        Trace trace = viewed(source(environment), environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        return forensics.of(viewer, trace);
    }

    private static Trace source(DataFetchingEnvironment environment) {
        return RequestContext.source(environment);
    }

    private static Trace viewed(Trace trace, DataFetchingEnvironment environment) {
        RequestContext.of(environment).disclosed().report("trace " + trace.id());
        return trace;
    }

    private static void registerTimeline(FieldRegistry fields) {
        String type = "TimelineEntry";
        fields.record(type, TimelineEntry.class);
        entry(fields, "time", event -> event.envelope().occurredAt());
        entry(fields, "agentId", event -> event.envelope().agentId());
        entry(fields, "action", event -> event.envelope().action());
        entry(fields, "durationMs", event -> event.envelope().durationMs());
        fields.field(type, "details", TraceFields::summary);
        fields.field(
                type,
                "statusText",
                environment -> {
                    TimelineEntry entry = RequestContext.source(environment);
                    return RequestContext.of(environment)
                            .disclosed()
                            .content(entry.event(), entry.statusText());
                });
    }

    private static String summary(DataFetchingEnvironment environment) {
        TimelineEntry entry = RequestContext.source(environment);
        return EventFields.summary(entry.event(), environment);
    }

    private static void entry(
            FieldRegistry fields, String name, FieldRegistry.Value<AuditEvent> value) {
        fields.value("TimelineEntry", name, TimelineEntry.class, entry -> value.of(entry.event()));
    }

    private static void registerGraph(FieldRegistry fields) {
        String node = "GraphNode";
        fields.record("TraceGraph", TraceGraph.class);
        fields.record("GraphEdge", TraceGraph.Edge.class);
        fields.value(node, "id", TimelineEntry.class, entry -> entry.event().envelope().id());
        fields.value(node, "type", TimelineEntry.class, entry -> entry.event().envelope().type());
        fields.value(
                node, "agentId", TimelineEntry.class, entry -> entry.event().envelope().agentId());
        fields.value(node, "status", TimelineEntry.class, TimelineEntry::status);
        fields.field(node, "label", TraceFields::summary);
    }

    private static void registerForensics(FieldRegistry fields) {
        fields.record("Forensics", Forensics.class);
        fields.record("Statement", Forensics.Statement.class);
        fields.field(
                "Statement",
                "text",
                environment -> {
                    Forensics.Statement statement = RequestContext.source(environment);
                    EventFields.noteContent(statement.evidence(), environment);
                    return statement.text();
                });
    }

    /// What followed from what in a trace.
    ///
    /// @param nodes one per event read
    /// @param edges from parent to child, only where both are nodes
    public record TraceGraph(List<TimelineEntry> nodes, List<Edge> edges) {

        static TraceGraph of(List<TimelineEntry> timeline) {
            Set<UUID> ids =
                    timeline.stream()
                            .map(entry -> entry.event().envelope().id())
                            .collect(Collectors.toSet());
            List<Edge> edges =
                    timeline.stream()
                            .map(entry -> entry.event().envelope())
                            .filter(event -> event.parentEventId() != null)
                            .filter(event -> ids.contains(event.parentEventId()))
                            .filter(event -> !event.id().equals(event.parentEventId()))
                            .map(
                                    event ->
                                            new Edge(
                                                    Objects.requireNonNull(event.parentEventId()),
                                                    event.id()))
                            .toList();
            return new TraceGraph(timeline, edges);
        }

        /// From a step to one that follows from it.
        public record Edge(UUID from, UUID to) {}
    }
}
