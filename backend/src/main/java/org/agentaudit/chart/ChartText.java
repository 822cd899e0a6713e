package org.agentaudit.chart;

/// Texts from anywhere made fit for XML and for a place of limited width.
final class ChartText {

    private static final char ELLIPSIS = '\u2026';

    private ChartText() {}

    /// Without characters that XML cannot hold; line ends and tabs as blanks.
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c -> {
                            if (c < 0x20 || c >= 0x7F && c < 0xA0) {
                                clean.append(' ');
                            } else if (c >= 0xD800 && c <= 0xDFFF || (c & 0xFFFE) == 0xFFFE) {
                                clean.append('\uFFFD');
                            } else {
                                clean.appendCodePoint(c);
                            }
                        });
        return clean.toString();
    }

    /// At most `longest` characters (code points), the end left out; clean.
    static String shortened(String text, int longest) {
        String head = text.length() > 4 * longest ? text.substring(0, 4 * longest) : text;
        String clean = clean(head);
        if (head.length() == text.length() && clean.codePointCount(0, clean.length()) <= longest) {
            return clean;
        }
        int end =
                clean.offsetByCodePoints(
                        0, Math.min(longest - 1, clean.codePointCount(0, clean.length())));
        return clean.substring(0, end).stripTrailing() + ELLIPSIS;
    }
}
