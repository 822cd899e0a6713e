package org.agentaudit.digest;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.query.Completeness;
import org.agentaudit.report.Attention;
import org.agentaudit.web.Format;

/// What a reader should look at first, the most urgent first.
final class Urgent {

    private static final String FAIL = "fail";
    private static final String WARN = "warn";
    private static final String INFO = "info";

    private final List<Digest.Alarm> lines = new ArrayList<>();
    private final Format f;

    Urgent(Format f) {
        this.f = f;
    }

    List<Digest.Alarm> lines() {
        return lines;
    }

    void checks(List<CheckResult> checks, Verdict verdict, String href) {
        String word = verdict == Verdict.FAIL ? " failed: " : " warns: ";
        checks.stream()
                .filter(check -> check.verdict() == verdict)
                .forEach(
                        check ->
                                lines.add(
                                        new Digest.Alarm(
                                                Words.sentence(
                                                        check.title() + word + check.statement()),
                                                href,
                                                verdict == Verdict.FAIL ? FAIL : WARN)));
    }

    /// What the report itself says needs attention.
    void all(Attention attention, Addresses to) {
        for (Attention.Item item : attention.items()) {
            String state =
                    switch (item.severity()) {
                        case CRITICAL -> FAIL;
                        case WARNING -> WARN;
                        case INFO -> INFO;
                    };
            lines.add(
                    new Digest.Alarm(
                            Words.sentence(item.sentence()), to.local(item.href()), state));
        }
    }

    /// @param what is not there at all
    void nothing(String what, String href) {
        lines.add(new Digest.Alarm(what, href, WARN));
    }

    void missing(Completeness c, String href) {
        if (c.gaps() > 0) {
            lines.add(
                    new Digest.Alarm(
                            f.count(c.gaps(), "event is", "events are")
                                    + " missing: gaps in sequence numbers",
                            href,
                            WARN));
        }
        if (c.rejected() > 0) {
            lines.add(
                    new Digest.Alarm(
                            f.count(c.rejected(), "item was", "items were")
                                    + " not understood and kept in quarantine",
                            href,
                            WARN));
        }
    }
}
