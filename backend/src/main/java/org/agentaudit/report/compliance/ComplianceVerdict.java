package org.agentaudit.report.compliance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.web.Format;

/// What a compliance report says in one sentence, and what it cannot say in another; the same for
/// page, PDF and mail.
///
/// @param verdict  of the report
/// @param sentence what the logs show
/// @param limits   what they do not show
public record ComplianceVerdict(Verdict verdict, String sentence, String limits) {

    public static ComplianceVerdict of(ComplianceReport report, Format format) {
        return new ComplianceVerdict(
                report.verdict(), sentence(report, format), limits(report, format));
    }

    private static String sentence(ComplianceReport report, Format format) {
        if (report.completeness().events() == 0) {
            return "No event was recorded in this period, so the logs show nothing about it.";
        }
        List<CheckResult> failed = with(report, Verdict.FAIL);
        List<CheckResult> warned = with(report, Verdict.WARN);
        int passed = with(report, Verdict.PASS).size();
        int judged = failed.size() + warned.size() + passed;
        if (judged == 0) {
            return "No check could be assessed for lack of evidence.";
        }
        String of = format.count(judged, "assessed check", "assessed checks");
        if (failed.isEmpty() && warned.isEmpty()) {
            return judged == 1 ? "The one assessed check passed." : "All " + of + " passed.";
        }
        List<String> parts = new ArrayList<>();
        if (!failed.isEmpty()) {
            parts.add(failed.size() + " failed (" + titles(failed) + ")");
        }
        if (!warned.isEmpty()) {
            parts.add(warned.size() + " warned (" + titles(warned) + ")");
        }
        parts.add((passed == 0 ? "none" : passed) + " passed");
        return "Of " + of + ", " + String.join(", ", parts) + ".";
    }

    private static String limits(ComplianceReport report, Format format) {
        int unjudged = with(report, Verdict.INSUFFICIENT_EVIDENCE).size();
        int aside = with(report, Verdict.NOT_APPLICABLE).size();
        long controls = report.frameworks().stream().mapToLong(f -> f.controls().size()).sum();
        long silent =
                report.frameworks().stream()
                        .flatMap(f -> f.controls().stream())
                        .filter(control -> control.checks().isEmpty())
                        .count();
        List<String> parts = new ArrayList<>();
        if (unjudged > 0) {
            parts.add(
                    format.count(unjudged, "check", "checks")
                            + " could not be assessed for lack of evidence");
        }
        if (aside > 0) {
            parts.add(
                    aside == 1
                            ? "1 check had nothing to apply to"
                            : aside + " checks had nothing to apply to");
        }
        parts.add(
                "no check speaks for "
                        + format.count(silent)
                        + " of "
                        + format.count(controls, "control", "controls"));
        String text = String.join(", ", parts);
        return "Not shown by these logs: " + text + ".";
    }

    private static List<CheckResult> with(ComplianceReport report, Verdict verdict) {
        return report.checks().stream().filter(check -> check.verdict() == verdict).toList();
    }

    private static String titles(List<CheckResult> checks) {
        return checks.stream().map(CheckResult::title).collect(Collectors.joining(", "));
    }
}
