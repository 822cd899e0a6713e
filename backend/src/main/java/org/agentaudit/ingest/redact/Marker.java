package org.agentaudit.ingest.redact;

import java.util.Set;

/// What stands in the place of a secret: the seed's `[REDACTED]` with the detector's name in it. A
/// text counts as a marker only when it names a detector that exists, so that an agent cannot hide
/// a secret in something that looks like one.
final class Marker {
    static final String START = "[REDACTED";
    private static final String BARE = "[REDACTED]";
    private static final int LONGEST = START.length() + 1 + RedactionConfig.LONGEST_NAME + 1;

    private final Set<String> detectors;

    Marker(Set<String> detectors) {
        this.detectors = Set.copyOf(detectors);
    }

    static String of(String detector) {
        return START + ":" + detector + "]";
    }

    /// End of the marker that starts at `at`; -1 when none does.
    int end(CharSequence text, int at) {
        if (at + BARE.length() > text.length()) {
            return -1;
        }
        for (int i = 0; i < START.length(); i++) {
            if (text.charAt(at + i) != START.charAt(i)) {
                return -1;
            }
        }
        int next = at + START.length();
        if (text.charAt(next) == ']') {
            return next + 1;
        }
        int last = Math.min(text.length(), at + LONGEST);
        if (text.charAt(next) != ':') {
            return -1;
        }
        for (int i = next + 1; i < last; i++) {
            if (text.charAt(i) == ']') {
                boolean known = detectors.contains(text.subSequence(next + 1, i).toString());
                return known ? i + 1 : -1;
            }
        }
        return -1;
    }

    /// The whole text is one marker.
    boolean is(CharSequence text) {
        return end(text, 0) == text.length();
    }
}
