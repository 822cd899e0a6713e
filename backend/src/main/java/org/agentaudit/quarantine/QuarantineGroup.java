package org.agentaudit.quarantine;

import java.time.Instant;

/// Items with the same reason.
///
/// @param items      how many
/// @param lastSeenAt the last time one of them was received
public record QuarantineGroup(String reason, long items, Instant lastSeenAt) {}
