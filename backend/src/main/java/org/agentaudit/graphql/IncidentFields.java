package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.incident.Incident;
import org.agentaudit.incident.IncidentChange;
import org.agentaudit.incident.IncidentStatus;
import org.agentaudit.incident.Incidents;
import org.agentaudit.query.Page;
import org.jspecify.annotations.Nullable;

/// `incident`, `incidents`, `openIncident`, `updateIncident` and the fields of an incident. What
/// people found out counts as a report in the access log.
@Singleton
final class IncidentFields implements FieldSource {
    private static final String TYPE = "Incident";

    private final Incidents incidents;

    IncidentFields(Incidents incidents) {
        this.incidents = incidents;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "incident", this::incident);
        fields.field("Query", "incidents", this::incidents);
        fields.field("Mutation", "openIncident", this::open);
        fields.field("Mutation", "updateIncident", this::update);
        fields.record(TYPE, Incident.class);
        fields.field(
                TYPE,
                "trace",
                environment ->
                        Loaders.trace(
                                environment,
                                RequestContext.<Incident>source(environment).traceId()));
        viewed(fields, "notes", Incident::notes);
        viewed(fields, "rootCause", Incident::rootCause);
        viewed(fields, "recommendations", Incident::recommendations);
        fields.record("IncidentNote", Incident.Note.class);
        Connection.register(fields, "IncidentConnection");
        fields.record("IncidentEdge", Page.Edge.class);
    }

    private @Nullable Incident incident(DataFetchingEnvironment environment) {
        Viewer viewer = RequestContext.of(environment).viewer();
        return incidents
                .byId(viewer, Arguments.of(environment).requiredText("id"))
                .map(incident -> noted(incident, environment))
                .orElse(null);
    }

    private Connection<Incident> incidents(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        return new Connection<>(
                incidents.page(
                        viewer,
                        arguments.choice("status", IncidentStatus.class),
                        arguments.page()));
    }

    private Incident open(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        return incidents
                .open(
                        RequestContext.of(environment).viewer(),
                        arguments.requiredText("traceId"),
                        arguments.requiredText("title"),
                        arguments.requiredChoice("severity", Severity.class))
                .orElseThrow(
                        () ->
                                new GraphQlException(
                                        ErrorCode.NOT_FOUND,
                                        "There is no trace with this id that you may see."));
    }

    private Incident update(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        IncidentChange change =
                new IncidentChange(
                        arguments.choice("status", IncidentStatus.class),
                        arguments.text("assignee"),
                        arguments.text("rootCause"),
                        arguments.texts("recommendations"),
                        arguments.text("note"));
        return incidents
                .update(
                        RequestContext.of(environment).viewer(),
                        arguments.requiredText("id"),
                        change)
                .orElseThrow(
                        () ->
                                new GraphQlException(
                                        ErrorCode.NOT_FOUND,
                                        "There is no incident with this id that you may see."));
    }

    private static void viewed(
            FieldRegistry fields, String name, FieldRegistry.Value<Incident> value) {
        fields.field(
                TYPE,
                name,
                environment ->
                        value.of(noted(RequestContext.<Incident>source(environment), environment)));
    }

    private static Incident noted(Incident incident, DataFetchingEnvironment environment) {
        RequestContext.of(environment).disclosed().report("incident " + incident.id());
        return incident;
    }
}
