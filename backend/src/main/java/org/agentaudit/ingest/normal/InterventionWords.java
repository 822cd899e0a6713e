package org.agentaudit.ingest.normal;

import java.util.List;
import java.util.Locale;
import org.agentaudit.event.InterventionKind;

/// Word stems that tell what a human did (metrics "Intervention"); the first kind that fits wins.
final class InterventionWords {
    private static final List<Rule> RULES =
            List.of(
                    new Rule(InterventionKind.ESCALATION, List.of("escalat")),
                    new Rule(
                            InterventionKind.REJECTION,
                            List.of("reject", "denied", "deny", "disapprov")),
                    new Rule(InterventionKind.OVERRIDE, List.of("overrid")),
                    new Rule(InterventionKind.APPROVAL, List.of("approv", "confirm")));

    private InterventionWords() {}

    static InterventionKind kindOf(String action, String kind) {
        String first = action.toLowerCase(Locale.ROOT);
        String second = kind.toLowerCase(Locale.ROOT);
        for (Rule rule : RULES) {
            for (String stem : rule.stems) {
                if (first.contains(stem) || second.contains(stem)) {
                    return rule.kind;
                }
            }
        }
        return InterventionKind.OTHER;
    }

    private record Rule(InterventionKind kind, List<String> stems) {}
}
