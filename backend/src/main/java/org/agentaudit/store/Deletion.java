package org.agentaudit.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A removal of events or of content, as it is recorded: what went is counted from the removed
/// events themselves.
///
/// @param at       when
/// @param kind     what of the events went
/// @param rule     name of the rule that decided, for instance `event-expiry`
/// @param reason   for people, in words
/// @param username who ordered it; null: the portal's own schedule
/// @param archive  name of the archive file that holds them; null when they were not archived
public record Deletion(
        Instant at,
        Kind kind,
        String rule,
        String reason,
        @Nullable String username,
        @Nullable String archive) {

    /// What of the events went.
    public enum Kind {
        /// Envelope, content and key: the row of `audit_event`, of `event_content` and of
        /// `event_key`.
        EVENT,
        /// The row of `event_content`, its salt included; the envelope stays.
        CONTENT
    }
}
