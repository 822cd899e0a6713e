package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.Alert;
import org.agentaudit.alert.AlertState;
import org.agentaudit.alert.Alerts;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.incident.Incident;
import org.agentaudit.incident.IncidentStatus;
import org.agentaudit.incident.Incidents;
import org.agentaudit.query.Agent;
import org.agentaudit.query.AgentQuery;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;

/// Collects what needs [Attention] on a day.
@Singleton
public class Attentions {

    /// Of one topic this many are named, the others counted.
    private static final int NAMED = 5;

    private static final int LOOKED_AT = 100;

    private final Alerts alerts;
    private final Incidents incidents;
    private final AgentQuery agents;
    private final Format format;
    private final Links link = new Links();

    Attentions(Alerts alerts, Incidents incidents, AgentQuery agents, Format format) {
        this.alerts = alerts;
        this.incidents = incidents;
        this.agents = agents;
        this.format = format;
    }

    /// What the viewer's agents need attention for.
    ///
    /// @param day as [Reports#daily] made it for the same viewer
    public Attention of(Viewer viewer, DailySummary day) {
        Period period = Period.of(day.from(), day.to());
        List<Attention.Item> items = new ArrayList<>();
        day.checks().forEach(check -> check(day, check, items));
        List<Alert> fired = alerts.firedIn(viewer, day.from(), day.to(), LOOKED_AT);
        named(fired, this::alert, "further alerts fired", "/alerts", items);
        named(open(viewer, day), this::incident, "further open incidents", "/incidents", items);
        day.findings().forEach(count -> finding(day, count, items));
        gaps(day, items);
        named(
                day.completeness().silentAgents(),
                this::silent,
                "further agents fell silent",
                "/agents",
                items);
        List<Agent> fresh = agents.firstSeenIn(viewer, period, LOOKED_AT);
        named(fresh, this::fresh, "further agents were seen for the first time", "/agents", items);
        return new Attention(items);
    }

    private void check(DailySummary day, CheckResult check, List<Attention.Item> items) {
        if (check.verdict() != Verdict.FAIL && check.verdict() != Verdict.WARN) {
            return;
        }
        boolean failed = check.verdict() == Verdict.FAIL;
        items.add(
                new Attention.Item(
                        Attention.Topic.CHECK,
                        failed ? Severity.CRITICAL : Severity.WARNING,
                        check.title() + (failed ? " failed: " : " warns: ") + check.statement(),
                        link.daily(day.date()) + "#check-" + check.check()));
    }

    private Attention.Item alert(Alert alert) {
        String state = alert.state() == AlertState.RESOLVED ? ", resolved since" : "";
        return new Attention.Item(
                Attention.Topic.ALERT,
                alert.severity(),
                "Alert “" + alert.ruleName() + "” fired" + state + ": " + alert.description(),
                "/alerts/" + alert.id());
    }

    private Attention.Item incident(Incident incident) {
        return new Attention.Item(
                Attention.Topic.INCIDENT,
                incident.severity(),
                "Incident “"
                        + incident.title()
                        + "” is open since "
                        + format.dateMinute(incident.openedAt())
                        + (incident.assignee() == null
                                ? ", nobody works on it."
                                : ", " + incident.assignee() + " works on it."),
                "/incidents/" + incident.id());
    }

    private List<Incident> open(Viewer viewer, DailySummary day) {
        return Stream.of(IncidentStatus.OPEN, IncidentStatus.INVESTIGATING)
                .flatMap(
                        status ->
                                incidents
                                        .page(viewer, status, PageRequest.first(LOOKED_AT, null))
                                        .nodes()
                                        .stream())
                .filter(incident -> incident.openedAt().isBefore(day.to()))
                .toList();
    }

    private void finding(DailySummary day, FindingCount count, List<Attention.Item> items) {
        items.add(
                new Attention.Item(
                        Attention.Topic.FINDING,
                        count.severity(),
                        format.count(count.count(), "finding", "findings")
                                + " of "
                                + format.words(count.kind())
                                + ".",
                        Links.address(
                                "/findings",
                                Map.of(
                                        "kind", List.of(count.kind().name()),
                                        "from", List.of(day.date().toString()),
                                        "to", List.of(day.date().toString())))));
    }

    private void gaps(DailySummary day, List<Attention.Item> items) {
        long gaps = day.completeness().gaps();
        if (gaps > 0) {
            items.add(
                    new Attention.Item(
                            Attention.Topic.GAP,
                            Severity.WARNING,
                            "The record has "
                                    + format.count(gaps, "gap", "gaps")
                                    + " in sequence numbers: events were lost before they arrived.",
                            link.daily(day.date()) + "#basis"));
        }
        long rejected = day.completeness().rejected();
        if (rejected > 0) {
            items.add(
                    new Attention.Item(
                            Attention.Topic.GAP,
                            Severity.WARNING,
                            format.count(rejected, "item was", "items were")
                                    + " rejected and are missing in this report.",
                            link.daily(day.date()) + "#basis"));
        }
    }

    private Attention.Item silent(String agent) {
        return new Attention.Item(
                Attention.Topic.SILENT_AGENT,
                Severity.WARNING,
                "Agent " + agent + " fell silent: usually active, no event on this day.",
                link.agent(agent));
    }

    private Attention.Item fresh(Agent agent) {
        return new Attention.Item(
                Attention.Topic.NEW_AGENT,
                Severity.INFO,
                "Agent " + agent.id() + " was never seen before.",
                link.agent(agent.id()));
    }

    private <T> void named(
            List<T> things,
            Function<T, Attention.Item> item,
            String further,
            String href,
            List<Attention.Item> items) {
        List<Attention.Item> all = things.stream().map(item).toList();
        all.stream().limit(NAMED).forEach(items::add);
        if (all.size() > NAMED) {
            List<Attention.Item> others = all.subList(NAMED, all.size());
            Severity worst =
                    others.stream()
                            .map(Attention.Item::severity)
                            .max(Severity::compareTo)
                            .orElse(Severity.INFO);
            String count =
                    things.size() >= LOOKED_AT
                            ? "At least " + format.count((long) others.size())
                            : format.count((long) others.size());
            items.add(
                    new Attention.Item(
                            others.getFirst().topic(), worst, count + " " + further + ".", href));
        }
    }
}
