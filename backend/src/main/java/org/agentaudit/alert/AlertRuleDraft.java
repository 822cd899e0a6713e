package org.agentaudit.alert;

import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.TypedText;

/// What a rule is to be, as somebody wrote it.
///
/// @param window ISO 8601 duration
/// @param action targets, separated by commas
public record AlertRuleDraft(
        String name,
        String condition,
        String window,
        String action,
        boolean enabled,
        Severity severity) {

    private static final int LONGEST_NAME = 100;

    /// Everything but the action, which depends on settings.
    ///
    /// @throws BadInputException for the first part that cannot be used
    Checked check() {
        TypedText.line("name", name, LONGEST_NAME);
        AlertWindow span = AlertWindow.of(window);
        Condition read = ConditionParser.parse(condition);
        Baselines.in(read.tests()).forEach(baseline -> Baselines.of(baseline, span.length()));
        return new Checked(span, read);
    }

    record Checked(AlertWindow window, Condition condition) {}
}
