package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingFilter;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.finding.Findings;
import org.agentaudit.query.Page;
import org.agentaudit.report.AgentAudit;
import org.jspecify.annotations.Nullable;

/// `findings`, `AgentAudit.findings` and the fields of a finding.
@Singleton
final class FindingFields implements FieldSource {
    private final Findings findings;

    FindingFields(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "findings", this::findings);
        fields.field("AgentAudit", "findings", this::ofAgent);
        fields.record("Finding", Finding.class);
        fields.field("Finding", "evidence", FindingFields::evidence);
        Connection.register(fields, "FindingConnection");
        fields.value("FindingConnection", "totalCount", Connection.class, Connection::totalCount);
        fields.record("FindingEdge", Page.Edge.class);
    }

    private Connection<Finding> findings(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        FindingFilter filter = filter(arguments.object("filter"));
        RequestContext context = RequestContext.of(environment);
        Connection<Finding> connection = find(context.viewer(), filter, arguments);
        context.disclosed()
                .report("findings %s/%s".formatted(bound(filter.from()), bound(filter.to())));
        return connection;
    }

    private Connection<Finding> ofAgent(DataFetchingEnvironment environment) {
        AgentAudit audit = RequestContext.source(environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        FindingFilter filter =
                FindingFilter.of(audit.period().from(), audit.period().to(), audit.agentId());
        return find(viewer, filter, Arguments.of(environment));
    }

    private Connection<Finding> find(Viewer viewer, FindingFilter filter, Arguments arguments) {
        return new Connection<>(
                findings.page(viewer, filter, arguments.page()),
                () -> findings.count(viewer, filter));
    }

    private static FindingFilter filter(@Nullable Arguments filter) {
        return filter == null
                ? new FindingFilter(null, null, null, null, null, null, null)
                : new FindingFilter(
                        filter.instant("from"),
                        filter.instant("to"),
                        filter.choices("kinds", FindingKind.class),
                        filter.choices("severities", Severity.class),
                        filter.texts("agentIds"),
                        filter.text("sessionId"),
                        filter.text("traceId"));
    }

    private static String bound(@Nullable Object instant) {
        return instant == null ? ".." : instant.toString();
    }

    /// The events that are still stored and in the viewer's scope.
    private static CompletableFuture<List<AuditEvent>> evidence(
            DataFetchingEnvironment environment) {
        Finding finding = RequestContext.source(environment);
        List<CompletableFuture<@Nullable AuditEvent>> events =
                finding.evidence().stream().map(id -> Loaders.event(environment, id)).toList();
        return CompletableFuture.allOf(events.toArray(CompletableFuture[]::new))
                .thenApply(
                        all ->
                                events.stream()
                                        .map(CompletableFuture::join)
                                        .filter(Objects::nonNull)
                                        .toList());
    }
}
