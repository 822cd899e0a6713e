package org.agentaudit.graphql;

import graphql.schema.GraphQLSchema;
import graphql.schema.idl.NaturalEnumValuesProvider;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.TypeRuntimeWiring;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import org.agentaudit.access.Role;
import org.agentaudit.alert.AlertDelivery;
import org.agentaudit.alert.AlertState;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.delivery.DeliveryStatus;
import org.agentaudit.delivery.ReportKind;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.incident.IncidentStatus;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.SessionOrder;
import org.agentaudit.query.TimelineEntry;

/// The contract's schema with everything that answers it.
@Singleton
final class PortalSchema {
    private static final String RESOURCE = "/graphql/portal.graphqls";

    private final GraphQLSchema schema;
    private final SortedSet<String> notImplemented;

    PortalSchema(List<FieldSource> sources) {
        TypeDefinitionRegistry definitions = new SchemaParser().parse(text());
        FieldRegistry fields = new FieldRegistry();
        sources.forEach(source -> source.register(fields));
        RuntimeWiring.Builder wiring =
                RuntimeWiring.newRuntimeWiring().codeRegistry(fields.build(definitions));
        Scalars.ALL.forEach(wiring::scalar);
        enumType(wiring, "EventType", EventType.class);
        enumType(wiring, "Outcome", Outcome.class);
        enumType(wiring, "RetentionTier", RetentionTier.class);
        enumType(wiring, "PermissionLevel", PermissionLevel.class);
        enumType(wiring, "InterventionKind", InterventionKind.class);
        enumType(wiring, "Source", Source.class);
        enumType(wiring, "SourceFormat", SourceFormat.class);
        enumType(wiring, "EventOrder", EventOrder.class);
        enumType(wiring, "SessionOrder", SessionOrder.class);
        enumType(wiring, "TimelineStatus", TimelineEntry.TimelineStatus.class);
        enumType(wiring, "Verdict", CheckResult.Verdict.class);
        enumType(wiring, "Role", Role.class);
        enumType(wiring, "Severity", Severity.class);
        enumType(wiring, "AlertState", AlertState.class);
        enumType(wiring, "AlertTransition", AlertDelivery.Transition.class);
        enumType(wiring, "AlertChannel", AlertDelivery.Channel.class);
        enumType(wiring, "AlertDeliveryState", AlertDelivery.State.class);
        enumType(wiring, "IncidentStatus", IncidentStatus.class);
        enumType(wiring, "ReportKind", ReportKind.class);
        enumType(wiring, "DeliveryStatus", DeliveryStatus.class);
        enumType(wiring, "FindingKind", FindingKind.class);
        enumType(wiring, "CostDimension", CostDimension.class);
        this.schema = new SchemaGenerator().makeExecutableSchema(definitions, wiring.build());
        this.notImplemented = fields.notImplemented();
    }

    GraphQLSchema schema() {
        return schema;
    }

    /// `Type.field` of what answers NOT_IMPLEMENTED.
    SortedSet<String> notImplemented() {
        return notImplemented;
    }

    private static <E extends Enum<E>> void enumType(
            RuntimeWiring.Builder wiring, String name, Class<E> type) {
        wiring.type(
                TypeRuntimeWiring.newTypeWiring(name)
                        .enumValues(new NaturalEnumValuesProvider<>(type)));
    }

    private static String text() {
        try (InputStream resource = PortalSchema.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
