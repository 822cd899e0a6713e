package org.agentaudit.mail;

/// The one place where text from elsewhere becomes text of a header or a file's name.
final class HeaderText {

    private static final int LONGEST = 200;

    private HeaderText() {}

    /// One line without anything that ends it, hides parts of it or turns its direction; what
    /// cannot be shown becomes a space, further spaces go.
    ///
    /// @return at most 200 characters (code points)
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        boolean space = true;
        int length = 0;
        for (int i = 0; i < text.length() && length < LONGEST; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean visible = isVisible(c);
            if (visible) {
                clean.appendCodePoint(c);
                length++;
            } else if (!space) {
                clean.append(' ');
                length++;
            }
            space = !visible;
        }
        return clean.toString().strip();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
