package org.agentaudit.digest;

import java.util.Objects;

/// Texts of unknown origin, made fit for one line of a mail.
final class Words {

    static final int NAME = 60;
    static final int SENTENCE = 300;

    private static final char REPLACEMENT = '\uFFFD';

    private Words() {}

    /// Line breaks and tabs as blanks, what is invisible or changes direction as `U+FFFD`, cut to a
    /// name's length.
    static String name(String text) {
        return line(text, NAME);
    }

    static String sentence(String text) {
        return line(text, SENTENCE);
    }

    /// A subject line in plain blanks, since mail programs show others as boxes.
    static String subject(String text) {
        return line(text, SENTENCE).replace('\u202F', ' ').replace('\u00A0', ' ');
    }

    private static String line(String text, int codePoints) {
        Objects.requireNonNull(text);
        StringBuilder line = new StringBuilder();
        int written = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (written == codePoints - 1 && i < text.length()) {
                return line.append('…').toString();
            }
            line.appendCodePoint(shown(codePoint));
            written++;
        }
        return line.toString();
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
            default -> codePoint;
        };
    }
}
