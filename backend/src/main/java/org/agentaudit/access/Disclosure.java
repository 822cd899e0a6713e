package org.agentaudit.access;

import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Decision;
import org.jspecify.annotations.Nullable;

/// The one place that decides what of an event's content a viewer sees.
public final class Disclosure {

    /// Stands for a value the viewer may not see; absent values stay absent.
    public static final String MASKED = "[MASKED]";

    private static final String MASKED_JSON = "\"" + MASKED + "\"";

    private Disclosure() {}

    /// The event as the viewer may see it.
    public static AuditEvent of(AuditEvent event, Viewer viewer) {
        return viewer.mayReadContent()
                ? event
                : new AuditEvent(event.envelope(), masked(event.content()));
    }

    /// A text of event content (user id, message, task) as the viewer may see it; null stays null.
    public static @Nullable String text(@Nullable String content, Viewer viewer) {
        return content == null || viewer.mayReadContent() ? content : MASKED;
    }

    private static Content masked(Content content) {
        Decision decision = content.decision();
        return new Content(
                content.params() == null ? null : MASKED_JSON,
                content.result() == null ? null : MASKED_JSON,
                mask(content.reasoning()),
                decision == null ? null : masked(decision),
                mask(content.errorMessage()),
                mask(content.userId()),
                null,
                content.unmapped() == null ? null : MASKED_JSON);
    }

    private static Decision masked(Decision decision) {
        List<Decision.DecisionOption> options =
                decision.options().stream()
                        .map(
                                option ->
                                        new Decision.DecisionOption(
                                                MASKED, mask(option.reasoning()), option.score()))
                        .toList();
        return new Decision(
                mask(decision.question()), options, mask(decision.chosen()), decision.confidence());
    }

    private static @Nullable String mask(@Nullable String text) {
        return text == null ? null : MASKED;
    }
}
