package org.agentaudit.report;

import java.util.List;
import java.util.stream.Collectors;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.Verdicts;
import org.agentaudit.web.Format;

/// Whether a day was normal, in one word and in one sentence; the same for page, PDF and mail.
///
/// @param verdict  the see [Verdicts#overall]; insufficient evidence when the day has no event
/// @param sentence for people
public record DayVerdict(Verdict verdict, String sentence) {

    public static DayVerdict of(DailySummary day, Format format) {
        if (day.events() == 0) {
            return new DayVerdict(
                    Verdict.INSUFFICIENT_EVIDENCE,
                    "No event was recorded on this day, so nothing can be said about it.");
        }
        Verdict verdict =
                Verdicts.overall(day.checks().stream().map(CheckResult::verdict).toList());
        List<CheckResult> failed = with(day, Verdict.FAIL);
        List<CheckResult> warning = with(day, Verdict.WARN);
        int passed = with(day, Verdict.PASS).size();
        String work =
                day.successRate() == null
                        ? "no invocation was recorded"
                        : format.percent(day.successRate())
                                + " of "
                                + format.count(day.invocations(), "invocation", "invocations")
                                + " succeeded";
        String start =
                switch (verdict) {
                    case FAIL ->
                            "Needs attention: "
                                    + format.count(failed.size(), "check", "checks")
                                    + " failed ("
                                    + titles(failed)
                                    + ")"
                                    + (warning.isEmpty() ? "" : ", " + warning.size() + " warned");
                    case WARN ->
                            "No check failed, "
                                    + warning.size()
                                    + " warned ("
                                    + titles(warning)
                                    + ")";
                    case PASS ->
                            "A normal day: "
                                    + (passed == 1
                                            ? "the one assessed check passed"
                                            : "all " + passed + " assessed checks passed");
                    case INSUFFICIENT_EVIDENCE, NOT_APPLICABLE ->
                            "No check could be assessed for lack of evidence";
                };
        return new DayVerdict(verdict, start + "; " + work + ".");
    }

    private static List<CheckResult> with(DailySummary day, Verdict verdict) {
        return day.checks().stream().filter(check -> check.verdict() == verdict).toList();
    }

    private static String titles(List<CheckResult> checks) {
        return checks.stream().map(CheckResult::title).collect(Collectors.joining(", "));
    }
}
