package org.agentaudit.gate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.agentaudit.analysis.Regression;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.finding.Finding;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.query.Period;

/// The report for people.
public final class GateText {
    private static final int FINDINGS_SHOWN = 20;
    private static final int SHOWN_OF_KIND = 5;
    private static final int WIDEST = 60;

    private GateText() {}

    /// Lines without their ends, each safe to print.
    public static List<String> lines(GateReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Checked %s: %s"
                        .formatted(
                                of(report.compliance().period()),
                                counted(report.compliance().completeness().events(), "event")));
        lines.add("");
        checks(report.compliance().checks(), lines);
        findings(report, lines);
        if (report.baseline() != null) {
            lines.add("");
            lines.add("Compared with " + of(report.baseline()) + ":");
            regressions(report, lines);
        }
        lines.add("");
        lines.add(outcome(report));
        report.reasons().forEach(reason -> lines.add("  " + reason));
        if (!report.warnings().isEmpty()) {
            lines.add("Warnings:");
            report.warnings().forEach(warning -> lines.add("  " + warning));
        }
        return lines.stream().map(Printable::line).toList();
    }

    private static String outcome(GateReport report) {
        return switch (report.outcome()) {
            case PASSED -> report.warnings().isEmpty() ? "PASSED" : "PASSED with warnings";
            case FAILED -> "FAILED";
            case NOTHING_JUDGED -> "NOTHING JUDGED: no check found anything to judge.";
        };
    }

    private static void checks(List<CheckResult> checks, List<String> lines) {
        for (CheckResult check : checks) {
            lines.add(
                    "%-21s  %-23s  %s"
                            .formatted(check.verdict(), check.check(), check.statement()));
            if (check.recommendation() != null) {
                lines.add(" ".repeat(48) + "To do: " + check.recommendation());
            }
        }
    }

    private static void findings(GateReport report, List<String> lines) {
        lines.add("");
        if (report.findingCounts().isEmpty()) {
            lines.add("No findings.");
            return;
        }
        lines.add(counted(report.findingsFound(), "finding") + ":");
        for (FindingCount count : report.findingCounts()) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "  %-8s  %-26s  %,d",
                            count.severity(),
                            count.kind(),
                            count.count()));
        }
        lines.add("");
        List<Finding> shown = shown(report.findings());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SEVERITY", "KIND", "AGENT", "TRACE", "WHAT"));
        for (Finding finding : shown) {
            rows.add(
                    List.of(
                            finding.severity().name(),
                            finding.kind().name(),
                            finding.agentId(),
                            Objects.requireNonNullElse(finding.traceId(), "-"),
                            finding.description()));
        }
        table(rows, lines);
        long others = report.findingsFound() - shown.size();
        if (others > 0) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "and %,d more; the other formats hold up to %,d",
                            others,
                            GateReport.MAXIMUM_FINDINGS));
        }
    }

    /// The first ones, without letting one kind hide the others.
    private static List<Finding> shown(List<Finding> findings) {
        Map<FindingKind, Integer> ofKind = new EnumMap<>(FindingKind.class);
        return findings.stream()
                .filter(f -> ofKind.merge(f.kind(), 1, Integer::sum) <= SHOWN_OF_KIND)
                .limit(FINDINGS_SHOWN)
                .toList();
    }

    private static void regressions(GateReport report, List<String> lines) {
        if (report.regressions().isEmpty() && report.agentRegressions().isEmpty()) {
            lines.add("  no regression");
            return;
        }
        report.regressions().forEach(r -> lines.add("  " + inWords(r)));
        report.agentRegressions()
                .forEach(
                        (agent, regressions) ->
                                regressions.forEach(
                                        r -> lines.add("  agent " + agent + ": " + inWords(r))));
    }

    /// One regression in a sentence.
    static String inWords(Regression regression) {
        return String.format(
                Locale.ROOT,
                "%s %s: %s, from %.4g (n = %d) to %.4g (n = %d)",
                regression.severity(),
                regression.metric(),
                regression.changeText(),
                regression.baseline(),
                regression.baselineN(),
                regression.current(),
                regression.currentN());
    }

    private static void table(List<List<String>> rows, List<String> lines) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.min(WIDEST, Math.max(widths[i], row.get(i).length()));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i))
                        .repeat(" ", Math.max(0, widths[i] - row.get(i).length()) + 2);
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    private static String of(Period period) {
        return period.from() + " to " + period.to();
    }

    private static String counted(long number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }
}
