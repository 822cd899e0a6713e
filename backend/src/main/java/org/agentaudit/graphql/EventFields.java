package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.query.Activity;
import org.agentaudit.query.EventFeed;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/// `event`, `events`, `activity`, `eventStored` and the fields of an event.
@Singleton
final class EventFields implements FieldSource {
    private static final String TYPE = "AuditEvent";
    private static final int MINUTES_PER_DAY = 1_440;

    private final EventQuery events;
    private final EventFeed feed;
    private final RetentionPolicy retention;

    EventFields(EventQuery events, EventFeed feed, RetentionPolicy retention) {
        this.events = events;
        this.feed = feed;
        this.retention = retention;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "event", this::event);
        fields.field("Query", "events", this::events);
        fields.field("Query", "activity", this::activity);
        fields.field("Subscription", "eventStored", this::eventStored);
        registerEnvelope(fields);
        registerContent(fields);
        registerReferences(fields);
        fields.record("Decision", Decision.class);
        fields.record("DecisionOption", Decision.DecisionOption.class);
        fields.record("Handoff", Handoff.class);
        fields.record("TokenCounts", TokenCounts.class);
        fields.record("ResourceRef", ResourceRef.class);
        fields.record("Redaction", Redaction.class);
        fields.record("Activity", Activity.class);
        fields.record("MinutePoint", Activity.MinutePoint.class);
        fields.record("PageInfo", Page.class);
        fields.record("AuditEventEdge", Page.Edge.class);
        Connection.register(fields, "AuditEventConnection");
        fields.value(
                "AuditEventConnection", "totalCount", Connection.class, Connection::totalCount);
    }

    private @Nullable AuditEvent event(DataFetchingEnvironment environment) {
        Viewer viewer = RequestContext.of(environment).viewer();
        return events.byId(viewer, Arguments.of(environment).requiredUuid("id")).orElse(null);
    }

    private Connection<AuditEvent> events(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        return find(
                events,
                viewer,
                filter(arguments.object("filter")).build(),
                arguments.requiredChoice("order", EventOrder.class),
                arguments.page());
    }

    private Publisher<AuditEvent> eventStored(DataFetchingEnvironment environment) {
        EventFilter filter = filter(Arguments.of(environment).object("filter")).build();
        RequestContext context = RequestContext.of(environment);
        return Live.follow(context, feed, new EventFeed.Question(context.viewer(), filter));
    }

    private Activity activity(DataFetchingEnvironment environment) {
        int minutes = Arguments.of(environment).numberBetween("minutes", 1, MINUTES_PER_DAY);
        return events.activity(RequestContext.of(environment).viewer(), minutes);
    }

    /// A part of the events that match; they are counted when the answer asks for it.
    static Connection<AuditEvent> find(
            EventQuery events,
            Viewer viewer,
            EventFilter filter,
            EventOrder order,
            PageRequest page) {
        return new Connection<>(
                events.find(viewer, filter, order, page), () -> events.count(viewer, filter));
    }

    /// The filter of the schema's `EventFilter`; what it may hold is decided by [EventQuery].
    static EventFilter.Builder filter(@Nullable Arguments filter) {
        EventFilter.Builder builder = EventFilter.builder();
        if (filter == null) {
            return builder;
        }
        return builder.from(filter.instant("from"))
                .to(filter.instant("to"))
                .types(filter.choices("types", EventType.class))
                .agentIds(filter.texts("agentIds"))
                .traceId(filter.text("traceId"))
                .sessionId(filter.text("sessionId"))
                .taskId(filter.text("taskId"))
                .conversationId(filter.text("conversationId"))
                .userId(filter.text("userId"))
                .models(filter.texts("models"))
                .actions(filter.texts("actions"))
                .outcomes(filter.choices("outcomes", Outcome.class))
                .errorTypes(filter.texts("errorTypes"))
                .tiers(filter.choices("tiers", RetentionTier.class))
                .sensitiveDataAccessed(filter.flag("sensitiveDataAccessed"))
                .errored(filter.flag("errored"))
                .interventions(filter.choices("interventions", InterventionKind.class))
                .permissionLevels(filter.choices("permissionLevels", PermissionLevel.class))
                .sourceFormats(filter.choices("sourceFormats", SourceFormat.class))
                .text(filter.text("text"));
    }

    private void registerEnvelope(FieldRegistry fields) {
        envelope(fields, "id", Envelope::id);
        envelope(fields, "occurredAt", Envelope::occurredAt);
        envelope(fields, "receivedAt", Envelope::receivedAt);
        envelope(fields, "type", Envelope::type);
        envelope(fields, "typeName", Envelope::typeName);
        envelope(fields, "agentId", Envelope::agentId);
        envelope(fields, "traceId", Envelope::traceId);
        envelope(fields, "traceDerived", Envelope::traceDerived);
        envelope(fields, "parentEventId", Envelope::parentEventId);
        envelope(fields, "sessionId", Envelope::sessionId);
        envelope(fields, "conversationId", Envelope::conversationId);
        envelope(fields, "taskId", Envelope::taskId);
        envelope(fields, "source", Envelope::source);
        envelope(fields, "action", Envelope::action);
        envelope(fields, "confidence", Envelope::confidence);
        envelope(fields, "handoff", Envelope::handoff);
        envelope(fields, "intervention", Envelope::intervention);
        envelope(fields, "outcome", Envelope::outcome);
        envelope(fields, "errored", Envelope::errored);
        envelope(fields, "errorType", Envelope::errorType);
        envelope(fields, "durationMs", Envelope::durationMs);
        envelope(fields, "tokens", Envelope::tokens);
        envelope(fields, "cost", Envelope::cost);
        envelope(fields, "model", Envelope::model);
        envelope(fields, "version", Envelope::version);
        envelope(fields, "permissionLevel", Envelope::permissionLevel);
        envelope(fields, "resourcesAccessed", Envelope::resources);
        envelope(fields, "sensitiveDataAccessed", Envelope::sensitive);
        envelope(fields, "tier", Envelope::tier);
        fields.field(
                TYPE,
                "expiresOn",
                environment -> {
                    Envelope event = source(environment);
                    return Loaders.held(environment, event.traceId())
                            .thenApply(held -> held == null ? retention.expiresOn(event) : null);
                });
        envelope(fields, "redactions", Envelope::redactions);
        envelope(fields, "sourceFormat", Envelope::sourceFormat);
        envelope(fields, "producer", Envelope::producer);
        envelope(fields, "seq", Envelope::seq);
    }

    private static void registerContent(FieldRegistry fields) {
        content(fields, "params", event -> json(event.content().params()));
        content(fields, "result", event -> json(event.content().result()));
        content(fields, "unmapped", event -> json(event.content().unmapped()));
        content(fields, "reasoning", event -> event.content().reasoning());
        content(fields, "errorMessage", event -> event.content().errorMessage());
        content(fields, "userId", event -> event.content().userId());
        fields.field(TYPE, "decision", EventFields::decision);
        fields.field(
                TYPE,
                "summary",
                environment -> summary(RequestContext.source(environment), environment));
    }

    private static void registerReferences(FieldRegistry fields) {
        fields.field(
                TYPE,
                "agent",
                environment -> Loaders.agent(environment, source(environment).agentId()));
        fields.field(
                TYPE,
                "trace",
                environment -> Loaders.trace(environment, source(environment).traceId()));
        fields.field(
                TYPE,
                "parent",
                environment -> {
                    UUID parent = source(environment).parentEventId();
                    return parent == null ? null : Loaders.event(environment, parent);
                });
    }

    /// The event's line, noted as revealed when it is in clear.
    static String summary(AuditEvent event, DataFetchingEnvironment environment) {
        RequestContext.of(environment).disclosed().content(event, event.content().summary());
        return event.summary();
    }

    /// Notes every event of which something can be read in a text made from them.
    static void noteContent(List<AuditEvent> evidence, DataFetchingEnvironment environment) {
        Disclosed disclosed = RequestContext.of(environment).disclosed();
        evidence.stream()
                .filter(event -> !event.content().equals(Content.NONE))
                .forEach(disclosed::content);
    }

    private static @Nullable Decision decision(DataFetchingEnvironment environment) {
        AuditEvent event = RequestContext.source(environment);
        Decision decision = event.content().decision();
        boolean text =
                environment.getSelectionSet().containsAnyOf("question", "chosen", "options/*");
        if (text) {
            RequestContext.of(environment).disclosed().content(event, decision);
        }
        return decision;
    }

    private static Envelope source(DataFetchingEnvironment environment) {
        AuditEvent event = RequestContext.source(environment);
        return event.envelope();
    }

    private static @Nullable Object json(@Nullable String text) {
        return text == null ? null : GraphQlJson.readContent(text);
    }

    private static void envelope(
            FieldRegistry fields, String name, FieldRegistry.Value<Envelope> value) {
        fields.value(TYPE, name, AuditEvent.class, event -> value.of(event.envelope()));
    }

    private static void content(
            FieldRegistry fields, String name, FieldRegistry.Value<AuditEvent> value) {
        fields.field(
                TYPE,
                name,
                environment -> {
                    AuditEvent event = RequestContext.source(environment);
                    return RequestContext.of(environment)
                            .disclosed()
                            .content(event, value.of(event));
                });
    }
}
