package org.agentaudit.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.agentaudit.access.Viewer;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.query.Completeness;
import org.agentaudit.report.PrintDocument.Fact;
import org.agentaudit.report.PrintDocument.Section;
import org.agentaudit.report.PrintTable.Cell;
import org.agentaudit.report.PrintTable.Column;
import org.agentaudit.report.pdf.Attachment;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// The parts that all printed reports have.
///
/// @param viewer whom it is made for
/// @param madeAt when its data was read
/// @param data   what is attached
record PrintParts(Viewer viewer, Instant madeAt, Attachment data, Format f) {

    /// Named by its data: the same data gives the same id.
    UUID reportId() {
        return UUID.nameUUIDFromBytes(digest().getBytes(StandardCharsets.US_ASCII));
    }

    private String digest() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(data.json()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String period(Instant from, Instant to) {
        boolean days =
                from.atZone(f.zone()).toLocalTime().toSecondOfDay() == 0
                        && to.atZone(f.zone()).toLocalTime().toSecondOfDay() == 0;
        if (!days) {
            return f.dateMinute(from) + " to " + f.dateMinute(to);
        }
        String first = f.date(from).toString();
        String last = f.date(to.minusNanos(1)).toString();
        return (first.equals(last) ? first : first + " to " + last) + ", " + f.zone(from);
    }

    List<Fact> facts(Instant from, Instant to) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Period", period(from, to)));
        facts.add(new Fact("Made", f.dateTime(madeAt) + " for " + viewer.username()));
        facts.add(new Fact("Report id", reportId().toString()));
        facts.add(
                new Fact(
                        "Agents",
                        viewer.agentScope().isEmpty()
                                ? "all"
                                : "those the reader may see: "
                                        + String.join(", ", viewer.agentScope())));
        facts.add(
                new Fact(
                        "Event content",
                        viewer.mayReadContent() ? "shown" : "masked for this reader"));
        return facts;
    }

    PrintDocument.Running running(String head, Instant from, Instant to) {
        return new PrintDocument.Running(
                head,
                period(from, to),
                "Agent Audit Portal · report " + reportId() + " · made " + f.dateTime(madeAt));
    }

    /// What needs attention of the checks, failing ones first.
    static List<String> attention(List<CheckResult> checks) {
        List<String> lines = new ArrayList<>();
        for (CheckResult.Verdict verdict :
                List.of(CheckResult.Verdict.FAIL, CheckResult.Verdict.WARN)) {
            for (CheckResult check : checks) {
                if (check.verdict() == verdict) {
                    lines.add(
                            check.title()
                                    + (verdict == CheckResult.Verdict.FAIL
                                            ? " failed. "
                                            : " warns. ")
                                    + check.statement());
                }
            }
        }
        return lines;
    }

    /// Verdict, limits, population and exceptions of each check.
    PrintTable checks(List<CheckResult> checks) {
        List<List<Cell>> rows = new ArrayList<>();
        for (CheckResult check : checks) {
            rows.add(
                    List.of(
                            Cell.of(PrintMark.of(check.verdict())),
                            Cell.of(check.title(), check.statement()),
                            Cell.of(f.measure(check.measured(), check.unit())),
                            Cell.of(limits(check)),
                            Cell.of(f.count(check.population())),
                            Cell.of(f.count(check.exceptions()))));
        }
        return PrintTable.of(
                List.of(
                        Column.text("Verdict", 17),
                        Column.text("Check", 39),
                        Column.number("Measured", 12),
                        Column.number("Warns, fails at", 13),
                        Column.number("Population", 10),
                        Column.number("Exceptions", 9)),
                rows,
                f);
    }

    private String limits(CheckResult check) {
        return limit(check.warnAt(), check.unit()) + ", " + limit(check.failAt(), check.unit());
    }

    private String limit(@Nullable Double limit, String unit) {
        return limit == null
                ? "–"
                : unit.equals("share") ? f.percent(limit) : f.measure(limit, null);
    }

    Section basis(Completeness basis) {
        List<String> words = new ArrayList<>();
        words.add(
                basis.events() == 0
                        ? "No event was recorded in the period: every number here rests on"
                                + " nothing."
                        : basis.gaps() == 0
                                ? "No gap is known in what the producers sent."
                                : "Records are missing: "
                                        + f.count(
                                                basis.gaps(),
                                                "sequence number never arrived.",
                                                "sequence numbers never arrived."));
        if (!basis.silentAgents().isEmpty()) {
            words.add(
                    "Fell silent (active on at least 5 of the 7 days before, not in the period): "
                            + String.join(", ", basis.silentAgents())
                            + ".");
        }
        List<List<Cell>> rows = new ArrayList<>();
        line(rows, "Events", basis.events(), "counted by this report");
        line(rows, "Producers", basis.producers(), "distinct senders of these events");
        line(rows, "Gaps", basis.gaps(), "sequence numbers that never arrived");
        line(
                rows,
                "Unpaired calls",
                basis.unpairedCalls(),
                "tool calls without a result event that state no outcome");
        line(
                rows,
                "Missing parents",
                basis.missingParents(),
                "named as parent, not in the same trace");
        line(
                rows,
                "Derived traces",
                basis.derivedTraces(),
                "traces whose producer sent no trace id");
        line(
                rows,
                "Late events",
                basis.lateEvents(),
                "received more than an hour after they occurred");
        line(
                rows,
                "Redactions",
                basis.redactions(),
                "values replaced before the events were stored");
        line(rows, "Rejected", basis.rejected(), "items received that could not be understood");
        return new Section(
                "basis",
                "What this report rests on",
                words,
                List.of(
                        PrintTable.of(
                                List.of(
                                        Column.text("Measure", 30),
                                        Column.number("Number", 14),
                                        Column.text("Meaning", 56)),
                                rows,
                                f)));
    }

    private void line(List<List<Cell>> rows, String name, long value, String meaning) {
        rows.add(List.of(Cell.of(name), Cell.of(f.count(value)), Cell.of(meaning)));
    }

    Section definitions(Glossary... terms) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Glossary entry : terms) {
            rows.add(List.of(Cell.of(entry.term()), Cell.of(entry.meaning())));
        }
        return new Section(
                "definitions",
                "Definitions",
                List.of(
                        "Missing values are left out of means and percentiles; they never count as 0."),
                List.of(
                        PrintTable.of(
                                List.of(Column.text("Term", 24), Column.text("Meaning", 76)),
                                rows,
                                f)));
    }

    Section proof() {
        List<List<Cell>> rows =
                List.of(
                        List.of(Cell.of("Report id"), Cell.of(reportId().toString())),
                        List.of(
                                Cell.of("Attached data"),
                                Cell.of(
                                        data.name()
                                                + ", "
                                                + f.count(data.json().length, "byte", "bytes"))),
                        List.of(Cell.of("SHA-256 of the data"), Cell.of(digest())),
                        List.of(Cell.of("Made"), Cell.of(f.exact(madeAt))),
                        List.of(Cell.of("Made for"), Cell.of(viewer.username())));
        return new Section(
                "proof",
                "Identification",
                List.of(
                        "The data this report was made from is attached to this file, as the"
                                + " portal answers it to the same reader. The report id follows"
                                + " from it: the same data gives the same id."),
                List.of(
                        PrintTable.of(
                                List.of(Column.text("What", 24), Column.text("Value", 76)),
                                rows,
                                f)));
    }
}
