package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import org.agentaudit.analysis.Severity;
import org.agentaudit.chart.Chart;
import org.jspecify.annotations.Nullable;

/// The editor of an alert rule; model of `views/alert/rule.html`.
///
/// @param rule    as it is stored; null for a new one
/// @param form    as it was typed, or the rule
/// @param problem what cannot be used; null when all can
/// @param field   which part the problem is about: `name`, `condition`, `window`, `action`; empty
///     when it is about none of these
/// @param where   the place in the condition; null when the problem names none
/// @param run     what a dry run showed; null when there was none
/// @param days    of the dry run
/// @param chart   how often the rule would have fired on each day; null without a dry run
/// @param sources what conditions may name
/// @param names   of targets that settings know
public record AlertRulePage(
        @Nullable AlertRule rule,
        AlertRuleForm form,
        @Nullable String problem,
        String field,
        @Nullable Place where,
        @Nullable AlertDryRun run,
        int days,
        @Nullable Chart chart,
        List<SourceFields> sources,
        List<String> names,
        List<AlertRuleDraft> examples,
        List<TargetState> targets,
        Instant madeAt) {

    public AlertRulePage {
        sources = List.copyOf(sources);
        names = List.copyOf(names);
        examples = List.copyOf(examples);
        targets = List.copyOf(targets);
    }

    /// Where a condition cannot be read.
    ///
    /// @param before what stands on the line before the place
    /// @param after  what stands on it from there on
    public record Place(int line, int column, String before, String after) {}

    /// A source and its fields.
    public record SourceFields(String source, List<Field> fields) {
        public SourceFields {
            fields = List.copyOf(fields);
        }
    }

    /// A field and what it is compared with.
    public record Field(String name, String values) {}

    public List<Integer> choices() {
        return List.of(1, 7, 30, 90);
    }

    public Severity[] severities() {
        return Severity.values();
    }
}
