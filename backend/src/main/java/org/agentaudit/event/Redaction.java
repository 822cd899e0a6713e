package org.agentaudit.event;

import java.util.Set;

/// A value that was replaced before the event was stored.
///
/// @param pointer  JSON pointer (RFC 6901) into the event as received
/// @param detector name of the rule that fired, or one of the changes that are named here
public record Redaction(String pointer, String detector) {
    /// Content that is not to be kept was replaced by its measure.
    public static final String MINIMISED = "minimised";

    /// A long text was shortened.
    public static final String TRUNCATED = "truncated";

    /// Characters that PostgreSQL cannot hold were written out as escapes.
    public static final String UNSTORABLE = "unstorable";

    /// A member occurred twice and the first is kept under another name.
    public static final String REPEATED = "repeated_member";

    /// Changes that take nothing out for being secret or personal; also known to the query of a
    /// trace's numbers.
    private static final Set<String> OTHER = Set.of(MINIMISED, TRUNCATED, UNSTORABLE, REPEATED);

    /// A secret or personal data was taken out, which is what reports count as redactions.
    public boolean removesSecret() {
        return !OTHER.contains(detector);
    }
}
