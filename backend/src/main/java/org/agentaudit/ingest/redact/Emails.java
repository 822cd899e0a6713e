package org.agentaudit.ingest.redact;

import org.jspecify.annotations.Nullable;

/// Finds e-mail addresses; only when the settings ask for it.
final class Emails {
    static final String DETECTOR = "email";

    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 253;

    private Emails() {}

    /// @param sign  where `@` stands
    /// @param floor nothing before this belongs to the address
    static @Nullable Span find(String text, int sign, int floor) {
        int from = sign;
        int lowest = Math.max(floor, sign - LONGEST_LOCAL);
        while (from > lowest && isLocal(text.charAt(from - 1))) {
            from--;
        }
        while (from < sign && (text.charAt(from) == '.' || text.charAt(from) == '-')) {
            from++;
        }
        int to = sign + 1;
        int highest = Math.min(text.length(), to + LONGEST_DOMAIN);
        while (to < highest && isDomain(text.charAt(to))) {
            to++;
        }
        while (to > sign + 1 && !Character.isLetterOrDigit(text.charAt(to - 1))) {
            to--;
        }
        int dot = to - 1;
        while (dot > sign && text.charAt(dot) != '.') {
            dot--;
        }
        boolean domain = dot > sign + 1 && to - dot > 2 && Character.isLetter(text.charAt(to - 1));
        return from < sign && domain ? new Span(from, to, DETECTOR) : null;
    }

    private static boolean isLocal(char c) {
        return Character.isLetterOrDigit(c) || "._%+-".indexOf(c) >= 0;
    }

    private static boolean isDomain(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '-';
    }
}
