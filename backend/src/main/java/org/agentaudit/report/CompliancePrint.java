package org.agentaudit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agentaudit.chart.Chart;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.FrameworkCoverage;
import org.agentaudit.compliance.FrameworkCoverage.ControlStatus;
import org.agentaudit.query.Period;
import org.agentaudit.report.PrintDocument.Fact;
import org.agentaudit.report.PrintDocument.Section;
import org.agentaudit.report.PrintTable.Cell;
import org.agentaudit.report.PrintTable.Column;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The compliance report as it is printed.
final class CompliancePrint {

    private CompliancePrint() {}

    /// @param history null when there is none for the reader
    static PrintDocument of(ComplianceReport report, @Nullable Chart history, PrintParts parts) {
        Format f = parts.f();
        Period period = report.period();
        List<Section> sections = new ArrayList<>();
        sections.add(
                new Section(
                        "checks",
                        "Checks",
                        List.of(
                                "Each check, what was measured, the limits it was held against,"
                                        + " how many things were judged and how many speak"
                                        + " against it."),
                        DailyPrint.tables(parts.checks(report.checks()))));
        if (history != null) {
            sections.add(
                    new Section(
                            "history",
                            "Verdicts of past days",
                            List.of(
                                    "Each day as it was evaluated after it ended, over all agents."),
                            List.of(),
                            List.of(history)));
        }
        groups(report, sections, f);
        sections.add(recommendations(report, f));
        sections.add(frameworks(report, f));
        for (int i = 0; i < report.frameworks().size(); i++) {
            sections.add(framework(report.frameworks().get(i), i, f));
        }
        sections.add(parts.basis(report.completeness()));
        sections.add(
                parts.definitions(
                        Glossary.CHECK,
                        Glossary.VERDICT,
                        Glossary.POPULATION,
                        Glossary.EXCEPTIONS,
                        Glossary.CONTROL,
                        Glossary.EVENT,
                        Glossary.INVOCATION,
                        Glossary.FAILED_INVOCATION,
                        Glossary.RUN,
                        Glossary.ESCALATION,
                        Glossary.GAP));
        sections.add(parts.proof());
        return new PrintDocument(
                "Compliance report",
                parts.period(period.from(), period.to()),
                "Verdicts of the compliance checks over a period, and what they say about"
                        + " controls.",
                PrintMark.of(report.verdict()),
                sentence(report, f),
                PrintParts.attention(report.checks()),
                List.of(
                        List.of(
                                count(report, Verdict.PASS, "Passed", f),
                                count(report, Verdict.WARN, "Warning", f),
                                count(report, Verdict.FAIL, "Failed", f),
                                count(
                                        report,
                                        Verdict.INSUFFICIENT_EVIDENCE,
                                        "Insufficient evidence",
                                        f),
                                count(report, Verdict.NOT_APPLICABLE, "Not applicable", f))),
                parts.facts(period.from(), period.to()),
                parts.running("Compliance report", period.from(), period.to()),
                sections);
    }

    /// Are we compliant in this period, and where not?
    private static String sentence(ComplianceReport report, Format f) {
        long failed = number(report, Verdict.FAIL);
        long warned = number(report, Verdict.WARN);
        long passed = number(report, Verdict.PASS);
        long open = number(report, Verdict.INSUFFICIENT_EVIDENCE);
        String start =
                switch (report.verdict()) {
                    case FAIL ->
                            f.count(failed, "check failed", "checks failed")
                                    + (warned == 0 ? "" : ", " + f.count(warned) + " warned");
                    case WARN -> "No check failed, " + f.count(warned, "one warned", "warned");
                    case PASS -> "Every check that could be judged passed";
                    case INSUFFICIENT_EVIDENCE, NOT_APPLICABLE -> "No check could be judged";
                };
        return start
                + "; "
                + f.count(passed)
                + " of "
                + f.count(report.checks().size(), "check", "checks")
                + " passed"
                + (open == 0
                        ? "."
                        : ", and for "
                                + f.count(open)
                                + " the records are no sufficient evidence.");
    }

    private static long number(ComplianceReport report, Verdict verdict) {
        return report.checks().stream().filter(check -> check.verdict() == verdict).count();
    }

    private static Fact count(ComplianceReport report, Verdict verdict, String name, Format f) {
        return new Fact(name, f.count(number(report, verdict)));
    }

    /// Where limits differ between agents.
    private static void groups(ComplianceReport report, List<Section> sections, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (CheckResult check : report.checks()) {
            for (CheckResult.Group group : check.groups()) {
                Verdict verdict = group.verdict();
                rows.add(
                        List.of(
                                verdict == null
                                        ? Cell.of("switched off")
                                        : Cell.of(PrintMark.of(verdict)),
                                Cell.of(check.title()),
                                Cell.of(group.agents() == null ? "the others" : group.agents()),
                                Cell.of(f.measure(group.measured(), check.unit())),
                                Cell.of(f.count(group.population())),
                                Cell.of(f.count(group.exceptions()))));
            }
        }
        if (!rows.isEmpty()) {
            sections.add(
                    new Section(
                            "groups",
                            "Groups of agents",
                            List.of(
                                    "Settings differ between agents; the worst group decides a"
                                            + " check's verdict."),
                            List.of(
                                    PrintTable.of(
                                            List.of(
                                                    Column.text("Verdict", 18),
                                                    Column.text("Check", 28),
                                                    Column.text("Agents", 18),
                                                    Column.number("Measured", 14),
                                                    Column.number("Population", 11),
                                                    Column.number("Exceptions", 11)),
                                            rows,
                                            f))));
        }
    }

    private static Section recommendations(ComplianceReport report, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (String recommendation : report.recommendations()) {
            rows.add(List.of(Cell.of(f.count(rows.size() + 1L)), Cell.of(recommendation)));
        }
        return new Section(
                "recommendations",
                "Recommendations",
                List.of(
                        rows.isEmpty()
                                ? "None: no check fails or warns."
                                : "Of the checks that fail or warn, failing ones first."),
                DailyPrint.tables(
                        PrintTable.of(
                                List.of(Column.number("No.", 6), Column.text("Recommendation", 94)),
                                rows,
                                f)));
    }

    private static Section frameworks(ComplianceReport report, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (FrameworkCoverage framework : report.frameworks()) {
            long[] counts = new long[Verdict.values().length];
            framework.controls().forEach(control -> counts[control.verdict().ordinal()]++);
            rows.add(
                    List.of(
                            Cell.of(framework.framework(), framework.version()),
                            Cell.of(f.count((long) framework.controls().size())),
                            Cell.of(f.count(counts[Verdict.PASS.ordinal()])),
                            Cell.of(f.count(counts[Verdict.WARN.ordinal()])),
                            Cell.of(f.count(counts[Verdict.FAIL.ordinal()])),
                            Cell.of(f.count(counts[Verdict.INSUFFICIENT_EVIDENCE.ordinal()])),
                            Cell.of(f.count(counts[Verdict.NOT_APPLICABLE.ordinal()]))));
        }
        return new Section(
                "frameworks",
                "Frameworks",
                List.of(
                        "What the checks say about the controls of each framework. Logs of agents"
                                + " show a part of what a control asks for; what they cannot show"
                                + " stands beside each."),
                DailyPrint.tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Framework", 40),
                                        Column.number("Controls", 10),
                                        Column.number("Passed", 9),
                                        Column.number("Warning", 9),
                                        Column.number("Failed", 9),
                                        Column.number("Insufficient", 12),
                                        Column.number("Not appl.", 11)),
                                rows,
                                f)));
    }

    private static Section framework(FrameworkCoverage framework, int place, Format f) {
        List<List<Cell>> rows = new ArrayList<>();
        for (ControlStatus control : framework.controls()) {
            rows.add(
                    List.of(
                            Cell.of(
                                    control.control().control(),
                                    control.inForce()
                                            ? "from " + control.appliesFrom()
                                            : "not before " + control.appliesFrom()),
                            Cell.of(
                                    control.control().title(),
                                    control.checks().isEmpty()
                                            ? "no check speaks for it"
                                            : String.join(", ", control.checks())
                                                    .replace('_', ' ')
                                                    .toLowerCase(Locale.ROOT)),
                            Cell.of(PrintMark.of(control.verdict())),
                            Cell.of(control.cannotShow(), control.note())));
        }
        return new Section(
                "framework-" + place,
                framework.framework(),
                List.of(framework.version() + ". Source: " + framework.source()),
                DailyPrint.tables(
                        PrintTable.of(
                                List.of(
                                        Column.text("Control", 15),
                                        Column.text("About, and its checks", 31),
                                        Column.text("Verdict", 17),
                                        Column.text("What logs cannot show", 37)),
                                rows,
                                f)));
    }
}
