package org.agentaudit.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The alert rules; model of `views/alert/rules.html`.
///
/// @param note what was just done; null when nothing was
public record AlertRuleListPage(List<Row> rows, @Nullable String note, Instant madeAt) {

    public AlertRuleListPage {
        rows = List.copyOf(rows);
    }

    /// @param targets what became of the last message to each target; empty when none was due yet
    public record Row(AlertRule rule, List<TargetState> targets) {
        public Row {
            targets = List.copyOf(targets);
        }
    }
}
