package org.agentaudit.ingest;

/// Bounds the texts of one event. Runs after redaction and after the digest; head and tail stay,
/// since errors stand at the end of an output (B-001-12).
final class TextShortener extends TextRewriter {
    /// Longest text kept whole, in characters.
    static final int MAX_TEXT = 1 << 20;

    private static final int HALF = MAX_TEXT / 2;

    @Override
    String text(String member, String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        found("truncated");
        int head = Character.isHighSurrogate(text.charAt(HALF - 1)) ? HALF - 1 : HALF;
        int start = text.length() - HALF;
        int tail = Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start;
        return text.substring(0, head)
                + "\n… ["
                + (tail - head)
                + " characters left out] …\n"
                + text.substring(tail);
    }

    @Override
    String name(String name) {
        return name;
    }
}
