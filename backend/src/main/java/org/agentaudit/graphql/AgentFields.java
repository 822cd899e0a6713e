package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.Period;
import org.agentaudit.report.AgentAudit;
import org.agentaudit.report.Reports;
import org.jspecify.annotations.Nullable;

/// `agent`, `agents` and the fields of an agent.
@Singleton
final class AgentFields implements FieldSource {
    private final AgentQuery agents;
    private final EventQuery events;
    private final Reports reports;

    AgentFields(AgentQuery agents, EventQuery events, Reports reports) {
        this.agents = agents;
        this.events = events;
        this.reports = reports;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "agent", this::agent);
        fields.field("Query", "agents", this::agents);
        fields.record("Agent", Agent.class);
        fields.field("Agent", "events", this::events);
        fields.field("Agent", "audit", this::audit);
        Connection.register(fields, "AgentConnection");
        fields.record("AgentEdge", Page.Edge.class);
        fields.record("AgentAudit", AgentAudit.class);
        fields.record("DailyPoint", AgentAudit.DailyPoint.class);
        fields.record("ToolUsage", AgentAudit.ToolUsage.class);
    }

    private @Nullable Agent agent(DataFetchingEnvironment environment) {
        Viewer viewer = RequestContext.of(environment).viewer();
        return agents.byId(viewer, Arguments.of(environment).requiredText("id")).orElse(null);
    }

    private Connection<Agent> agents(DataFetchingEnvironment environment) {
        Viewer viewer = RequestContext.of(environment).viewer();
        return new Connection<>(agents.page(viewer, Arguments.of(environment).page()));
    }

    private Connection<AuditEvent> events(DataFetchingEnvironment environment) {
        Agent agent = RequestContext.source(environment);
        Arguments arguments = Arguments.of(environment);
        Viewer viewer = RequestContext.of(environment).viewer();
        EventFilter.Builder filter = EventFields.filter(arguments.object("filter"));
        List<String> asked = filter.build().agentIds();
        boolean excluded = asked != null && !asked.contains(agent.id());
        filter.agentIds(excluded ? List.of() : List.of(agent.id()));
        return EventFields.find(
                events, viewer, filter.build(), EventOrder.OLDEST_FIRST, arguments.page());
    }

    private AgentAudit audit(DataFetchingEnvironment environment) {
        Agent agent = RequestContext.source(environment);
        Period period = Arguments.of(environment).requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        AgentAudit audit = reports.agent(context.viewer(), agent.id(), period);
        context.disclosed()
                .report("agent %s %s/%s".formatted(agent.id(), period.from(), period.to()));
        return audit;
    }
}
