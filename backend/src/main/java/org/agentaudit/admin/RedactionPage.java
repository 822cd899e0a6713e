package org.agentaudit.admin;

import java.util.List;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.redact.RedactionConfig;
import org.jspecify.annotations.Nullable;

/// What redaction takes out, and a tester; model of `views/admin/redaction.html`.
///
/// @param detectors by name
/// @param off       how many of them are switched off
/// @param config    what the settings add and take away
/// @param trial     result of the tester; null when it was not used
/// @param problem   why the tester could not be used; null otherwise
public record RedactionPage(
        List<DetectorRow> detectors,
        long off,
        RedactionConfig config,
        @Nullable Trial trial,
        @Nullable String problem) {

    public RedactionPage {
        detectors = List.copyOf(detectors);
    }

    /// @param own whether a pattern of the settings
    public record DetectorRow(String name, boolean on, boolean own) {}

    /// @param given what was typed
    /// @param json  whether it was taken for JSON, so that names count too
    /// @param after what would be stored
    /// @param found what would be taken out or changed, in order; empty when nothing would
    public record Trial(String given, boolean json, String after, List<Redaction> found) {
        public Trial {
            found = List.copyOf(found);
        }
    }
}
