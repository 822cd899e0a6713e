package org.agentaudit.report.pdf;

import org.jspecify.annotations.Nullable;

/// Makes text of unknown origin fit for print: every character shows as itself or visibly as
/// something else, never as nothing.
public final class PrintText {

    private static final char BOX = '\u25A1';
    private static final char REPLACEMENT = '\uFFFD';

    private PrintText() {}

    /// Cuts to `codePoints` with an ellipsis and replaces what cannot be printed: line breaks and
    /// tabs by spaces, control, invisible and direction-changing characters by `U+FFFD`, characters
    /// without a glyph by a box.
    public static @Nullable String printable(@Nullable String text, int codePoints) {
        if (text == null) {
            return null;
        }
        StringBuilder printable = new StringBuilder(Math.min(text.length(), codePoints) + 1);
        int written = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (written == codePoints - 1 && i < text.length()) {
                return printable.append('…').toString();
            }
            printable.appendCodePoint(shown(codePoint));
            written++;
        }
        return printable.toString();
    }

    private static int shown(int codePoint) {
        if (codePoint == '\n' || codePoint == '\r' || codePoint == '\t') {
            return ' ';
        }
        return switch (Character.getType(codePoint)) {
            case Character.FORMAT,
                    Character.SURROGATE,
                    Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    REPLACEMENT;
            default -> PrintFonts.canShow(codePoint) ? codePoint : BOX;
        };
    }
}
