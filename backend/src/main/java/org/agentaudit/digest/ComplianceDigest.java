package org.agentaudit.digest;

import java.util.List;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.delivery.ReportMail;
import org.agentaudit.report.ComplianceReport;
import org.agentaudit.web.Format;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// The mail about the checks of a period.
final class ComplianceDigest {

    private final ComplianceReport report;
    private final ReportMail mail;
    private final Format f;
    private final Addresses to;

    ComplianceDigest(ComplianceReport report, ReportMail mail, Format f) {
        this.report = report;
        this.mail = mail;
        this.f = f;
        this.to = new Addresses(mail);
    }

    Digest of(Digest.@Nullable Picture picture) {
        long failed = with(Verdict.FAIL);
        long warned = with(Verdict.WARN);
        String page = to.compliance();
        Urgent urgent = new Urgent(f);
        if (report.completeness().events() == 0) {
            urgent.nothing("No event was recorded: nothing ran, or logging does not work", page);
        }
        urgent.checks(report.checks(), Verdict.FAIL, page);
        urgent.checks(report.checks(), Verdict.WARN, page);
        urgent.missing(report.completeness(), page);
        boolean nothing = report.completeness().events() == 0;
        return new Digest(
                Words.subject(
                        Days.of(mail)
                                + (nothing
                                        ? ": no event recorded"
                                        : ": "
                                                + f.count(failed, "check", "checks")
                                                + " failed, "
                                                + f.count(warned)
                                                + " warned")),
                "Compliance report",
                Days.of(mail) + ", " + f.zone(report.period().from()),
                Late.sentence(mail),
                nothing
                        ? "No event was recorded in this period, so nothing can be said about it."
                        : sentence(failed, warned),
                new Marks().kind(report.verdict()),
                urgent.lines(),
                List.of(
                        new Digest.Figure("Failed", f.count(failed), "checks"),
                        new Digest.Figure("Warned", f.count(warned), "checks"),
                        new Digest.Figure("Passed", f.count(with(Verdict.PASS)), "checks"),
                        new Digest.Figure(
                                "Not provable",
                                f.count(with(Verdict.INSUFFICIENT_EVIDENCE)),
                                "insufficient evidence"),
                        new Digest.Figure(
                                "Not applicable", f.count(with(Verdict.NOT_APPLICABLE)), "checks"),
                        new Digest.Figure("Events", f.count(report.completeness().events()), null)),
                picture,
                List.of(
                        Sections.checks(report.checks(), f, page),
                        new Digest.Section(
                                "What to do",
                                null,
                                List.of(new Digest.Column("Recommendation", false)),
                                report.recommendations().stream()
                                        .limit(Sections.ROWS)
                                        .map(
                                                text ->
                                                        new Digest.Row(
                                                                List.of(Words.sentence(text)),
                                                                null,
                                                                null,
                                                                null))
                                        .toList(),
                                "Nothing is recommended.",
                                null)),
                List.of(
                        Sections.basis(report.completeness(), f).getFirst(),
                        "Measurements, no determination that a law or standard is met."),
                new Digest.Link("Open the compliance report", page),
                Words.name(mail.viewer().username()),
                mail.unsubscribeUrl());
    }

    private long with(Verdict verdict) {
        return report.checks().stream().filter(check -> check.verdict() == verdict).count();
    }

    private String sentence(long failed, long warned) {
        return switch (report.verdict()) {
            case FAIL ->
                    f.count(failed, "check", "checks")
                            + " failed"
                            + (warned == 0 ? "." : ", " + f.count(warned) + " warned.");
            case WARN -> "No check failed, " + f.count(warned) + " warned.";
            case PASS -> "No check failed or warned.";
            case INSUFFICIENT_EVIDENCE, NOT_APPLICABLE ->
                    "No check could be assessed for lack of evidence.";
        };
    }
}
