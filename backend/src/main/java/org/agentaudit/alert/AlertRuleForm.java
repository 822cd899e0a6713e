package org.agentaudit.alert;

import io.micronaut.core.annotation.Introspected;
import java.util.Arrays;
import org.agentaudit.analysis.Severity;
import org.jspecify.annotations.Nullable;

/// The form of an alert rule, as sent. Null means empty.
///
/// @param id      of the rule that is changed; empty for a new one
/// @param enabled `on` or empty
/// @param days    that a dry run covers
@Introspected
public record AlertRuleForm(
        @Nullable String csrf,
        @Nullable String id,
        @Nullable String name,
        @Nullable String condition,
        @Nullable String window,
        @Nullable String action,
        @Nullable String enabled,
        @Nullable String severity,
        @Nullable Integer days) {

    static AlertRuleForm of(AlertRule rule) {
        return new AlertRuleForm(
                null,
                Long.toString(rule.id()),
                rule.name(),
                rule.condition().strip(),
                rule.window(),
                rule.action(),
                rule.enabled() ? "on" : null,
                rule.severity().name(),
                null);
    }

    static AlertRuleForm of(AlertRuleDraft draft) {
        return new AlertRuleForm(
                null,
                null,
                draft.name(),
                draft.condition().strip(),
                draft.window(),
                draft.action(),
                draft.enabled() ? "on" : null,
                draft.severity().name(),
                null);
    }

    AlertRuleDraft draft() {
        return new AlertRuleDraft(
                text(name).strip(),
                text(condition).replace("\r\n", "\n"),
                text(window).strip(),
                text(action).strip(),
                enabled != null,
                Arrays.stream(Severity.values())
                        .filter(one -> one.name().equals(severity))
                        .findFirst()
                        .orElse(Severity.WARNING));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
