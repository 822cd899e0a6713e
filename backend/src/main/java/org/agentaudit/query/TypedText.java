package org.agentaudit.query;

/// Texts that people type and others read later. What would make them look other than they are is
/// refused: control characters, and those that turn the direction of what follows.
public final class TypedText {

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private TypedText() {}

    /// A name on one line, without the space around it.
    ///
    /// @param name    of the part, for the message
    /// @param maximum characters, at least one
    /// @throws BadInputException when it is blank or too long, has a line break, or a character
    ///     that is not seen
    public static String line(String name, String text, int maximum) {
        String line = text.strip();
        if (line.isEmpty() || line.codePointCount(0, line.length()) > maximum) {
            throw new BadInputException(
                    "'%s' must have 1 to %d characters on one line.".formatted(name, maximum));
        }
        if (line.codePoints().anyMatch(TypedText::unseen)) {
            throw new BadInputException(
                    "'%s' must be one line without control characters or marks that turn the writing direction."
                            .formatted(name));
        }
        return line;
    }

    /// A text of several lines, which end with a line feed; without the space around it.
    ///
    /// @param name    of the part, for the message
    /// @param maximum characters
    /// @throws BadInputException when it is too long or has a character that is not seen
    public static String lines(String name, String text, int maximum) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').strip();
        if (lines.codePointCount(0, lines.length()) > maximum) {
            throw new BadInputException(
                    "'%s' has more than %,d characters.".formatted(name, maximum));
        }
        if (lines.codePoints().anyMatch(c -> c != '\n' && c != '\t' && unseen(c))) {
            throw new BadInputException(
                    "'%s' must be without control characters or marks that turn the writing direction."
                            .formatted(name));
        }
        return lines;
    }

    /// The joiners are letters' and emoji's own.
    private static boolean unseen(int character) {
        if (character == ZERO_WIDTH_NON_JOINER || character == ZERO_WIDTH_JOINER) {
            return false;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
