package org.agentaudit.report;

import java.util.Locale;
import org.agentaudit.compliance.CheckResult.Verdict;

/// A state in print: a shape, a word, and last a colour.
///
/// @param shape one character that every reader of PDF can be told
/// @param word  for people
/// @param style name of the style in `report.css`
public record PrintMark(String shape, String word, String style) {

    static PrintMark of(Verdict verdict) {
        return switch (verdict) {
            case PASS -> new PrintMark("✓", "passed", "passed");
            case WARN -> new PrintMark("△", "warning", "warning");
            case FAIL -> new PrintMark("✕", "failed", "failed");
            case INSUFFICIENT_EVIDENCE ->
                    new PrintMark("?", "insufficient evidence", "insufficient");
            case NOT_APPLICABLE -> new PrintMark("–", "not applicable", "quiet");
        };
    }

    /// What has happened, without a judgement.
    static PrintMark neutral() {
        return new PrintMark("", "", "neutral");
    }

    /// The word with a capital letter.
    public String title() {
        return word.isEmpty()
                ? ""
                : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
