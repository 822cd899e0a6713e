package org.agentaudit.event;

import java.util.EnumSet;
import java.util.Set;

/// How long an event is worth keeping (seed 003, metrics "Tier").
public enum RetentionTier {
    DEBUG(7),
    INFO(30),
    COMPLIANCE(365),
    CRITICAL(730);

    private static final Set<EventType> COMPLIANCE_TYPES =
            EnumSet.of(
                    EventType.DECISION,
                    EventType.HANDOFF,
                    EventType.HUMAN_INTERVENTION,
                    EventType.USER_FEEDBACK,
                    EventType.OTHER);
    private static final Set<EventType> DEBUG_TYPES =
            EnumSet.of(EventType.REASONING, EventType.TOOL_RESULT, EventType.LLM_RESPONSE);

    private final int defaultDays;

    RetentionTier(int defaultDays) {
        this.defaultDays = defaultDays;
    }

    /// Days an event of this tier lives when no setting says otherwise.
    public int defaultDays() {
        return defaultDays;
    }

    /// The tier of an event. Unknown types get a long-lived tier rather than the shortest
    /// (B-003-22).
    public static RetentionTier of(EventType type, boolean errored) {
        if (errored || type == EventType.SECURITY || type == EventType.COMPLIANCE) {
            return CRITICAL;
        }
        if (COMPLIANCE_TYPES.contains(type)) {
            return COMPLIANCE;
        }
        return DEBUG_TYPES.contains(type) ? DEBUG : INFO;
    }
}
