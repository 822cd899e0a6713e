package org.agentaudit.digest;

import java.util.List;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.delivery.ReportMail;
import org.agentaudit.query.Completeness;
import org.agentaudit.report.Attention;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.DayVerdict;
import org.agentaudit.web.Format;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// The mail about one day.
final class DailyDigest {

    private final DailySummary day;
    private final ReportMail mail;
    private final Format f;
    private final Addresses to;

    DailyDigest(DailySummary day, ReportMail mail) {
        this.day = day;
        this.mail = mail;
        this.f = new Format(day.timeZone());
        this.to = new Addresses(mail);
    }

    /// @param attention as the portal has it for the same viewer
    /// @param newAgents never seen before that day
    /// @param picture   null when there is nothing to draw
    Digest of(Attention attention, List<String> newAgents, Digest.@Nullable Picture picture) {
        DayVerdict verdict = DayVerdict.of(day, f);
        String page = to.daily(day.date());
        Digest.Link open = new Digest.Link("Open the daily summary", page);
        String when = f.longDate(day.date()) + ", " + f.zone(day.from());
        if (day.events() == 0) {
            Urgent urgent = new Urgent(f);
            urgent.nothing("No event was recorded: an idle day, or logging does not work", page);
            urgent.all(attention, to);
            return digest(
                    verdict,
                    day.date() + ": no event recorded",
                    when,
                    urgent.lines(),
                    List.of(),
                    null,
                    List.of(),
                    open);
        }
        Urgent urgent = new Urgent(f);
        urgent.all(attention, to);
        return digest(
                verdict,
                day.date()
                        + " "
                        + word(verdict.verdict())
                        + ": "
                        + f.count(day.invocations(), "invocation", "invocations")
                        + ", "
                        + f.count(day.failed())
                        + " failed",
                when,
                urgent.lines(),
                figures(),
                picture,
                sections(newAgents, page),
                open);
    }

    private Digest digest(
            DayVerdict verdict,
            String subject,
            String when,
            List<Digest.Alarm> urgent,
            List<Digest.Figure> figures,
            Digest.@Nullable Picture picture,
            List<Digest.Section> sections,
            Digest.Link open) {
        return new Digest(
                Words.subject(subject),
                "Daily summary",
                when,
                Late.sentence(mail),
                Words.sentence(verdict.sentence()),
                new Marks().kind(verdict.verdict()),
                urgent,
                figures,
                picture,
                sections,
                Sections.basis(day.completeness(), f),
                open,
                Words.name(mail.viewer().username()),
                mail.unsubscribeUrl());
    }

    private List<String> silent() {
        Completeness basis = day.completeness();
        return basis.silentAgents();
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case FAIL -> "needs attention";
            case WARN -> "has warnings";
            case PASS -> "normal";
            case INSUFFICIENT_EVIDENCE, NOT_APPLICABLE -> "not judged";
        };
    }

    private List<Digest.Figure> figures() {
        DailySummary.DayComparison usual = day.comparison();
        return List.of(
                new Digest.Figure(
                        "Invocations",
                        f.count(day.invocations()),
                        against(usual == null ? null : usual.invocations())),
                new Digest.Figure(
                        "Successful",
                        f.count(day.successful()),
                        day.successRate() == null
                                ? null
                                : f.percent(day.successRate()) + " of invocations"),
                new Digest.Figure(
                        "Failed",
                        f.count(day.failed()),
                        day.invocations() == 0
                                ? null
                                : f.percent((double) day.failed() / day.invocations())
                                        + " of invocations"),
                new Digest.Figure("Handoffs", f.count(day.handoffs()), null),
                new Digest.Figure("Human escalations", f.count(day.humanEscalations()), null),
                new Digest.Figure(
                        "Errored events",
                        f.count(day.errors()),
                        against(usual == null ? null : usual.errors())),
                new Digest.Figure("Events", f.count(day.events()), null),
                new Digest.Figure(
                        "Tokens",
                        f.count(day.tokens().total()),
                        against(usual == null ? null : usual.tokens())),
                new Digest.Figure(
                        "Cost", f.money(day.cost()), against(usual == null ? null : usual.cost())));
    }

    private @Nullable String against(@Nullable Double change) {
        return change == null ? null : f.change(change) + " against usual";
    }

    private List<Digest.Section> sections(List<String> newAgents, String page) {
        return List.of(
                Sections.checks(day.checks(), f, page + "#checks"),
                agents(),
                names(
                        "New agents",
                        "Seen for the first time on this day.",
                        newAgents,
                        "No agent was new."),
                names(
                        "Silent agents",
                        "Active on at least 5 of the 7 days before, and not on this day.",
                        silent(),
                        "No usual agent was silent."),
                Sections.tallies(
                        "Error types",
                        "Error type",
                        "Events",
                        day.errorTypes(),
                        f,
                        "No errored event.",
                        day.errorTypes().isEmpty()
                                ? null
                                : new Digest.Link("The errored events", to.errors())),
                Sections.findings(day.findings(), f, to.findings()));
    }

    private Digest.Section agents() {
        return new Digest.Section(
                "Top agents",
                Sections.rest(day.topAgents().size()),
                List.of(
                        new Digest.Column("Agent", false),
                        new Digest.Column("Invocations", true),
                        new Digest.Column("Failed", true),
                        new Digest.Column("Mean duration", true)),
                day.topAgents().stream()
                        .limit(Sections.ROWS)
                        .map(
                                agent ->
                                        new Digest.Row(
                                                List.of(
                                                        Words.name(agent.agentId()),
                                                        f.count(agent.invocations()),
                                                        f.count(agent.failedInvocations()),
                                                        f.duration(agent.meanDurationMs())),
                                                null,
                                                to.agent(agent.agentId()),
                                                null))
                        .toList(),
                "No agent was invoked.",
                new Digest.Link("All agents", to.agents()));
    }

    private Digest.Section names(String heading, String note, List<String> agents, String empty) {
        return new Digest.Section(
                heading,
                agents.isEmpty() ? null : note,
                List.of(new Digest.Column("Agent", false)),
                agents.stream()
                        .limit(Sections.ROWS)
                        .map(
                                agent ->
                                        new Digest.Row(
                                                List.of(Words.name(agent)),
                                                null,
                                                to.agent(agent),
                                                null))
                        .toList(),
                empty,
                agents.size() > Sections.ROWS
                        ? new Digest.Link("All " + agents.size() + " of them", to.agents())
                        : null);
    }
}
