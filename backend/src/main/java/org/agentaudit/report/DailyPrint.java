package org.agentaudit.report;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.report.DailySummary.AgentDay;
import org.agentaudit.report.DailySummary.DayComparison;
import org.agentaudit.report.PrintDocument.Fact;
import org.agentaudit.report.PrintDocument.Section;
import org.agentaudit.report.PrintTable.Cell;
import org.agentaudit.report.PrintTable.Column;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The daily summary as it is printed.
final class DailyPrint {

    private DailyPrint() {}

    static PrintDocument of(
            DailySummary day, Attention attention, Chart activity, PrintParts parts) {
        Format f = parts.f();
        DayVerdict verdict = DayVerdict.of(day, f);
        List<Section> sections = new ArrayList<>();
        sections.add(figures(day, activity, f));
        sections.add(
                new Section(
                        "checks",
                        "Checks",
                        List.of(
                                "Measurements against limits; they do not determine that a law or"
                                        + " standard is met."),
                        tables(parts.checks(day.checks()))));
        sections.add(agents(day, f));
        sections.add(errors(day, f));
        sections.add(findings(day, f));
        sections.add(reviews(day, f));
        sections.add(parts.basis(day.completeness()));
        sections.add(
                parts.definitions(
                        Glossary.EVENT,
                        Glossary.INVOCATION,
                        Glossary.RUN,
                        Glossary.FAILED_INVOCATION,
                        Glossary.SUCCESS_RATE,
                        Glossary.ERRORED,
                        Glossary.MEAN_DURATION,
                        Glossary.HANDOFF,
                        Glossary.ESCALATION,
                        Glossary.TOKENS,
                        Glossary.COST,
                        Glossary.CHANGE,
                        Glossary.CHECK,
                        Glossary.VERDICT,
                        Glossary.POPULATION,
                        Glossary.EXCEPTIONS,
                        Glossary.FINDING,
                        Glossary.GAP));
        sections.add(parts.proof());
        return new PrintDocument(
                "Daily summary",
                f.longDate(day.date()),
                "What agents did on one day, which checks passed, and what needs attention.",
                PrintMark.of(verdict.verdict()),
                verdict.sentence(),
                attention.items().stream().map(Attention.Item::sentence).toList(),
                List.of(
                        List.of(
                                new Fact("Invocations", f.count(day.invocations())),
                                new Fact("Succeeded", f.percent(day.successRate())),
                                new Fact("Errored events", f.count(day.errors())),
                                new Fact("Escalations", f.count(day.humanEscalations()))),
                        List.of(
                                new Fact("Events", f.count(day.events())),
                                new Fact("Handoffs", f.count(day.handoffs())),
                                new Fact("Tokens", f.count(day.tokens().total())),
                                new Fact("Cost", f.money(day.cost())))),
                parts.facts(day.from(), day.to()),
                parts.running("Daily summary · " + day.date(), day.from(), day.to()),
                sections);
    }

    private static Section figures(DailySummary day, Chart activity, Format f) {
        @Nullable DayComparison usual = day.comparison();
        List<List<Cell>> rows = new ArrayList<>();
        row(
                rows,
                "Invocations",
                f.count(day.invocations()),
                usual == null ? null : usual.invocations(),
                f);
        row(rows, "of them successful", f.count(day.successful()), null, f);
        row(rows, "of them failed", f.count(day.failed()), null, f);
        row(rows, "Success rate", f.percent(day.successRate()), null, f);
        row(
                rows,
                "Errored events",
                f.count(day.errors()),
                usual == null ? null : usual.errors(),
                f);
        row(
                rows,
                "Tokens",
                f.count(day.tokens().total()),
                usual == null ? null : usual.tokens(),
                f);
        row(rows, "Cost", f.money(day.cost()), usual == null ? null : usual.cost(), f);
        return new Section(
                "figures",
                "The day in figures",
                List.of(
                        usual == null
                                ? "There is no usual to compare with yet: that takes events on the"
                                        + " same weekday of the four weeks before."
                                : "Changes are against the mean of the same weekday over the four"
                                        + " weeks before."),
                List.of(
                        PrintTable.of(
                                List.of(
                                        Column.text("Measure", 50),
                                        Column.number("Value", 25),
                                        Column.number("Against the usual", 25)),
                                rows,
                                f)),
                List.of(activity));
    }

    private static void row(
            List<List<Cell>> rows, String name, String value, @Nullable Double change, Format f) {
        rows.add(
                List.of(
                        Cell.of(name),
                        Cell.of(value),
                        Cell.of(change == null ? "–" : f.change(change))));
    }

    private static Section agents(DailySummary day, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (AgentDay agent : day.topAgents()) {
            rows.add(
                    List.of(
                            Cell.of(agent.agentId()),
                            Cell.of(f.count(agent.invocations())),
                            Cell.of(f.count(agent.failedInvocations())),
                            Cell.of(f.count(agent.errors())),
                            Cell.of(f.duration(agent.meanDurationMs()))));
        }
        return new Section(
                "agents",
                "Agents",
                List.of(
                        rows.isEmpty()
                                ? "No agent was invoked on this day."
                                : "Agents that were invoked on this day, most invocations first."),
                tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Agent", 44),
                                        Column.number("Invocations", 14),
                                        Column.number("Failed", 12),
                                        Column.number("Errored events", 15),
                                        Column.number("Mean duration", 15)),
                                rows,
                                f)));
    }

    private static Section errors(DailySummary day, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        day.errorTypes()
                .forEach(
                        type ->
                                rows.add(
                                        List.of(
                                                Cell.of(type.key()),
                                                Cell.of(f.count(type.count())),
                                                Cell.of(f.percent(type.share())))));
        return new Section(
                "errors",
                "Errors by type",
                List.of(
                        rows.isEmpty()
                                ? "No event of this day errored."
                                : "Errored events of this day, most frequent first."),
                tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Type", 60),
                                        Column.number("Errored events", 20),
                                        Column.number("Share of them", 20)),
                                rows,
                                f)));
    }

    private static Section findings(DailySummary day, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        day.findings()
                .forEach(
                        finding ->
                                rows.add(
                                        List.of(
                                                Cell.of(f.title(finding.severity())),
                                                Cell.of(f.title(finding.kind())),
                                                Cell.of(f.count(finding.count())))));
        return new Section(
                "findings",
                "Findings",
                List.of(
                        rows.isEmpty()
                                ? "No detector concluded anything from this day's events."
                                : "What detectors concluded from this day's events."),
                tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Severity", 20),
                                        Column.text("Kind", 60),
                                        Column.number("Findings", 20)),
                                rows,
                                f)));
    }

    private static Section reviews(DailySummary day, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        day.reviews()
                .forEach(
                        review ->
                                rows.add(
                                        List.of(
                                                Cell.of(f.dateTime(review.at())),
                                                Cell.of(review.by()),
                                                Cell.of(
                                                        review.comment() == null
                                                                ? "–"
                                                                : review.comment()))));
        return new Section(
                "review",
                "Review",
                List.of(
                        rows.isEmpty()
                                ? "Nobody has confirmed yet having examined this day."
                                : "Who confirmed having examined this day, newest first."),
                tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("When", 30),
                                        Column.text("Who", 20),
                                        Column.text("Comment", 50)),
                                rows,
                                f)));
    }

    /// None when it has no row.
    static List<PrintTable> tables(PrintTable... tables) {
        return List.of(tables).stream().filter(table -> !table.rows().isEmpty()).toList();
    }
}
