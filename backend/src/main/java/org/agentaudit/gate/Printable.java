package org.agentaudit.gate;

import java.util.regex.Pattern;

/// Text of events as one line for terminals and logs of CI systems. Control and format characters
/// (escape sequences, reordering, line ends) are replaced, and what a CI system would take for a
/// command (`::error`, `##[error]`, `##vso[`, `##teamcity[`) is broken up.
public final class Printable {
    private static final char REPLACEMENT = '\uFFFD';
    private static final Pattern TWO_MARKS = Pattern.compile("#(?=#)");
    private static final Pattern COMMAND = Pattern.compile("^([\\s\\p{Z}\uFFFD]*):(?=:)");

    private Printable() {}

    /// To be used on whole lines.
    public static String line(String text) {
        String safe = TWO_MARKS.matcher(characters(text)).replaceAll("# ");
        return COMMAND.matcher(safe).replaceFirst("$1: ");
    }

    /// Without characters that do something else than to be seen; also those that XML forbids.
    static String characters(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(isVisible(c) ? c : REPLACEMENT));
        return safe.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
