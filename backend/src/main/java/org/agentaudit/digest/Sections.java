package org.agentaudit.digest;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Tally;
import org.agentaudit.web.Format;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// Tables and sentences that several kinds of mail have.
final class Sections {

    /// Rows of a table at most; the rest is in the portal.
    static final int ROWS = 10;

    private static final Marks MARKS = new Marks();

    private Sections() {}

    /// Every check that does not pass, then those that do: worst first, all of them, since there
    /// are about ten.
    static Digest.Section checks(List<CheckResult> checks, Format f, String href) {
        List<Digest.Row> rows = new ArrayList<>();
        for (Verdict verdict :
                List.of(
                        Verdict.FAIL,
                        Verdict.WARN,
                        Verdict.INSUFFICIENT_EVIDENCE,
                        Verdict.PASS,
                        Verdict.NOT_APPLICABLE)) {
            checks.stream()
                    .filter(check -> check.verdict() == verdict)
                    .forEach(check -> rows.add(row(check, f, href)));
        }
        return new Digest.Section(
                "Compliance checks",
                null,
                List.of(
                        new Digest.Column("Check", false),
                        new Digest.Column("Verdict", false),
                        new Digest.Column("Measured", true),
                        new Digest.Column("Fails", true)),
                rows.stream().limit(ROWS).toList(),
                "No check was made.",
                new Digest.Link(
                        rows.size() > ROWS
                                ? "All " + rows.size() + " checks and their evidence"
                                : "The checks and their evidence",
                        href));
    }

    private static Digest.Row row(CheckResult check, Format f, String href) {
        Double limit = check.failAt() == null ? check.warnAt() : check.failAt();
        boolean bad = check.verdict() == Verdict.FAIL || check.verdict() == Verdict.WARN;
        return new Digest.Row(
                List.of(
                        Words.name(check.title()),
                        MARKS.word(check.verdict()),
                        f.measure(check.measured(), check.unit()),
                        limit == null ? "–" : f.measure(limit, check.unit())),
                MARKS.kind(check.verdict()),
                bad ? href : null,
                bad ? Words.sentence(check.statement()) : null);
    }

    static Digest.Section tallies(
            String heading,
            String column,
            String number,
            List<Tally> tallies,
            Format f,
            String empty,
            Digest.@Nullable Link more) {
        return new Digest.Section(
                heading,
                rest(tallies.size()),
                List.of(
                        new Digest.Column(column, false),
                        new Digest.Column(number, true),
                        new Digest.Column("Share", true)),
                tallies.stream()
                        .limit(ROWS)
                        .map(
                                tally ->
                                        new Digest.Row(
                                                List.of(
                                                        Words.name(tally.key()),
                                                        f.count(tally.count()),
                                                        f.percent(tally.share())),
                                                null,
                                                null,
                                                null))
                        .toList(),
                empty,
                more);
    }

    static Digest.Section findings(List<FindingCount> findings, Format f, String href) {
        return new Digest.Section(
                "Findings",
                rest(findings.size()),
                List.of(
                        new Digest.Column("Kind", false),
                        new Digest.Column("Severity", false),
                        new Digest.Column("Count", true)),
                findings.stream()
                        .limit(ROWS)
                        .map(
                                one ->
                                        new Digest.Row(
                                                List.of(
                                                        f.title(one.kind()),
                                                        f.words(one.severity()),
                                                        f.count(one.count())),
                                                null,
                                                null,
                                                one.kind().heuristic() ? "rule of thumb" : null))
                        .toList(),
                "No finding.",
                findings.isEmpty() ? null : new Digest.Link("The findings", href));
    }

    static @Nullable String rest(int rows) {
        return rows > ROWS ? "The first " + ROWS + " of " + rows + "." : null;
    }

    /// What a report rests on.
    static List<String> basis(Completeness c, Format f) {
        return List.of(
                "Rests on "
                        + f.count(c.events(), "event", "events")
                        + " from "
                        + f.count(c.producers(), "producer", "producers")
                        + ", with "
                        + f.count(c.gaps(), "gap", "gaps")
                        + " in sequence numbers; "
                        + f.count(c.unpairedCalls(), "call", "calls")
                        + " without a result, "
                        + f.count(c.lateEvents(), "late event", "late events")
                        + ", "
                        + f.count(c.redactions(), "value", "values")
                        + " redacted, "
                        + f.count(c.rejected(), "item", "items")
                        + " rejected.");
    }
}
