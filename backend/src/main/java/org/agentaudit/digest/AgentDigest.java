package org.agentaudit.digest;

import java.util.List;
import org.agentaudit.delivery.ReportMail;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.report.AgentAudit;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The mail about one agent.
final class AgentDigest {

    private final AgentAudit audit;
    private final ReportMail mail;
    private final Format f;
    private final Addresses to;

    AgentDigest(AgentAudit audit, ReportMail mail, Format f) {
        this.audit = audit;
        this.mail = mail;
        this.f = f;
        this.to = new Addresses(mail);
    }

    Digest of(Digest.@Nullable Picture picture) {
        String page = to.agent(audit.agentId());
        String name = Words.name(audit.agentId());
        boolean nothing = audit.events() == 0;
        Urgent urgent = new Urgent(f);
        if (nothing) {
            urgent.nothing("No event of this agent was recorded", page);
        }
        urgent.missing(audit.completeness(), page);
        return new Digest(
                Words.subject(
                        name
                                + " "
                                + Days.of(mail)
                                + (nothing
                                        ? ": no event recorded"
                                        : ": "
                                                + f.count(
                                                        audit.invocations(),
                                                        "invocation",
                                                        "invocations")
                                                + ", "
                                                + f.count(audit.failedInvocations())
                                                + " failed")),
                "Audit of " + name,
                Days.of(mail) + ", " + f.zone(audit.period().from()),
                Late.sentence(mail),
                nothing ? "No event of this agent was recorded in this period." : sentence(),
                audit.failedInvocations() == 0 ? "ok" : "warn",
                urgent.lines(),
                nothing ? List.of() : figures(),
                picture,
                nothing ? List.of() : sections(page),
                Sections.basis(audit.completeness(), f),
                new Digest.Link("Open the agent", page),
                Words.name(mail.viewer().username()),
                mail.unsubscribeUrl());
    }

    private String sentence() {
        return f.count(audit.invocations(), "invocation", "invocations")
                + ", "
                + f.count(audit.failedInvocations())
                + " of them failed; "
                + f.count(audit.errors(), "errored event", "errored events")
                + ".";
    }

    private List<Digest.Figure> figures() {
        LatencyStats duration = audit.duration();
        return List.of(
                new Digest.Figure("Invocations", f.count(audit.invocations()), null),
                new Digest.Figure(
                        "Failed",
                        f.count(audit.failedInvocations()),
                        audit.invocations() == 0
                                ? null
                                : f.percent(
                                                (double) audit.failedInvocations()
                                                        / audit.invocations())
                                        + " of invocations"),
                new Digest.Figure("Errored events", f.count(audit.errors()), null),
                new Digest.Figure(
                        "Duration",
                        f.duration(duration == null ? null : duration.p50Ms()),
                        duration == null ? null : "median; 95 % " + f.duration(duration.p95Ms())),
                new Digest.Figure("Tokens", f.count(audit.tokens().total()), null),
                new Digest.Figure("Cost", f.money(audit.cost()), null),
                new Digest.Figure(
                        "Handoffs",
                        f.count(audit.handoffsOut()),
                        f.count(audit.handoffsIn()) + " received"),
                new Digest.Figure("Human interventions", f.count(audit.interventions()), null),
                new Digest.Figure("Sensitive accesses", f.count(audit.sensitiveAccesses()), null));
    }

    private List<Digest.Section> sections(String page) {
        return List.of(
                new Digest.Section(
                        "Tools",
                        Sections.rest(audit.tools().size()),
                        List.of(
                                new Digest.Column("Tool", false),
                                new Digest.Column("Calls", true),
                                new Digest.Column("Errors", true),
                                new Digest.Column("Error rate", true)),
                        audit.tools().stream()
                                .limit(Sections.ROWS)
                                .map(
                                        tool ->
                                                new Digest.Row(
                                                        List.of(
                                                                Words.name(tool.tool()),
                                                                f.count(tool.calls()),
                                                                f.count(tool.errors()),
                                                                f.percent(tool.errorRate())),
                                                        null,
                                                        null,
                                                        null))
                                .toList(),
                        "No tool was called.",
                        new Digest.Link("The agent's page", page)),
                Sections.tallies(
                        "Error types",
                        "Error type",
                        "Events",
                        audit.errorTypes(),
                        f,
                        "No errored event.",
                        null),
                Sections.tallies(
                        "Resources",
                        "Resource",
                        "Events",
                        audit.resources(),
                        f,
                        "None named.",
                        null));
    }
}
