package org.agentaudit.report;

import java.util.List;
import java.util.stream.Collectors;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.web.Format;

/// Whether a day was normal, in one word and in one sentence; the same for page, PDF and mail.
///
/// @param verdict  the worst of the checks; insufficient evidence when the day has no event
/// @param sentence for people
public record DayVerdict(Verdict verdict, String sentence) {

    public static DayVerdict of(DailySummary day, Format format) {
        if (day.events() == 0) {
            return new DayVerdict(
                    Verdict.INSUFFICIENT_EVIDENCE,
                    "No event was recorded on this day, so nothing can be said about it.");
        }
        List<CheckResult> failed = with(day, Verdict.FAIL);
        List<CheckResult> warning = with(day, Verdict.WARN);
        String work =
                day.successRate() == null
                        ? "no invocation was recorded"
                        : format.percent(day.successRate())
                                + " of "
                                + format.count(day.invocations(), "invocation", "invocations")
                                + " succeeded";
        if (!failed.isEmpty()) {
            return new DayVerdict(
                    Verdict.FAIL,
                    "Needs attention: "
                            + format.count(failed.size(), "check", "checks")
                            + " failed ("
                            + titles(failed)
                            + ")"
                            + (warning.isEmpty() ? "" : ", " + warning.size() + " warned")
                            + "; "
                            + work
                            + ".");
        }
        if (!warning.isEmpty()) {
            return new DayVerdict(
                    Verdict.WARN,
                    "No check failed, "
                            + warning.size()
                            + " warned ("
                            + titles(warning)
                            + "); "
                            + work
                            + ".");
        }
        int passed = with(day, Verdict.PASS).size();
        if (passed == 0) {
            return new DayVerdict(
                    Verdict.INSUFFICIENT_EVIDENCE,
                    "No check could be assessed for lack of evidence; " + work + ".");
        }
        return new DayVerdict(
                Verdict.PASS,
                "A normal day: "
                        + (passed == 1
                                ? "the one assessed check passed"
                                : "all " + passed + " assessed checks passed")
                        + "; "
                        + work
                        + ".");
    }

    private static List<CheckResult> with(DailySummary day, Verdict verdict) {
        return day.checks().stream().filter(check -> check.verdict() == verdict).toList();
    }

    private static String titles(List<CheckResult> checks) {
        return checks.stream().map(CheckResult::title).collect(Collectors.joining(", "));
    }
}
