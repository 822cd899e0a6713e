package org.agentaudit.graphql;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.agentaudit.access.RecordingAccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.FakeForensicsQuery;
import org.agentaudit.compliance.ControlCatalogue;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.query.FakeAgentQuery;
import org.agentaudit.query.FakeEventQuery;
import org.agentaudit.query.FakeSessionQuery;
import org.agentaudit.query.FakeTraceQuery;
import org.agentaudit.report.FakeReports;
import org.agentaudit.retention.NoHolds;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/// The engine over read sides in memory: three events of one trace by two agents.
final class TestPortal {
    static final GraphQlConfig LIMITS =
            new GraphQlConfig(262_144, 15, 500, 500_000, Duration.ofSeconds(30));
    static final Viewer OFFICER = viewer(Role.COMPLIANCE_OFFICER);
    static final Viewer AUDITOR = viewer(Role.AUDITOR);
    static final Viewer ADMIN = viewer(Role.ADMIN);
    static final Viewer INGESTOR = viewer(Role.INGESTOR);

    static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");

    static final List<AuditEvent> EVENTS =
            List.of(
                    EventBuilder.event("start", START, EventType.INVOCATION, "a", "refund")
                            .params(
                                    "{\"task\":\"refund\",\"n\":1E-7,\"m\":12345678901234567890.10}")
                            .user("ann")
                            .build(),
                    EventBuilder.event("call", START.plusMillis(5), EventType.TOOL_CALL, "a", "pay")
                            .parent("start")
                            .ms(12.5)
                            .cost("0.00000010")
                            .build(),
                    EventBuilder.event("end", START.plusMillis(9), EventType.ERROR, "b", "pay")
                            .parent("elsewhere")
                            .failed("TimeoutError", "card of ann refused")
                            .build());

    final FakeEventQuery events = new FakeEventQuery(EVENTS);
    final FakeTraceQuery traces = new FakeTraceQuery(EVENTS);
    final FakeAgentQuery agents = new FakeAgentQuery("a", "b");
    final FakeSessionQuery sessions = new FakeSessionQuery();
    final RecordingAccessLog log = new RecordingAccessLog();
    final PortalSchema schema;
    private final GraphQlEngine engine;

    TestPortal() {
        this(LIMITS);
    }

    TestPortal(GraphQlConfig config) {
        List<FieldSource> sources =
                List.of(
                        new ViewerFields(),
                        new EventFields(events, null, RetentionPolicy.DEFAULT),
                        new TraceFields(traces, events, new FakeForensicsQuery(traces)),
                        new AgentFields(agents, events, new FakeReports()),
                        new ReportFields(new FakeReports()),
                        new ComplianceFields(null, null, null, new ControlCatalogue(), null),
                        new SessionFields(sessions, events, null, null),
                        new ActionFields(null),
                        new CostFields(null),
                        new IncidentFields(null),
                        new DeliveryFields(null, null),
                        new FindingFields(null),
                        new QuarantineFields(null),
                        new AccessLogFields(null));
        schema = new PortalSchema(sources);
        engine =
                new GraphQlEngine(
                        schema,
                        new Loaders(events, traces, agents, new NoHolds()),
                        log,
                        Executors.newVirtualThreadPerTaskExecutor(),
                        config);
    }

    GraphQlEngine.Answer run(Viewer viewer, String query) {
        return run(viewer, query, Map.of());
    }

    GraphQlEngine.Answer run(Viewer viewer, String query, Map<String, Object> variables) {
        return engine.execute(new GraphQlRequest(query, null, variables, Map.of()), viewer, false);
    }

    GraphQlEngine.Answer read(Viewer viewer, String query, @Nullable String operation) {
        return engine.execute(
                new GraphQlRequest(query, operation, Map.of(), Map.of()), viewer, true);
    }

    /// The answer as JSON text.
    static String json(GraphQlEngine.Answer answer) {
        return new String(GraphQlJson.write(answer.body()), StandardCharsets.UTF_8);
    }

    static Viewer viewer(Role role) {
        return new Viewer(role.name().toLowerCase(Locale.ROOT), Set.of(role), List.of());
    }
}
