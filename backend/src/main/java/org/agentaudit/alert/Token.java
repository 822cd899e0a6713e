package org.agentaudit.alert;

import org.agentaudit.query.BadInputException;

/// A word of a condition and where it stands.
///
/// @param text   the value of a quoted text, else as written
/// @param line   from 1
/// @param column from 1, in characters
record Token(Kind kind, String text, int line, int column) {

    private static final int SHOWN = 40;

    enum Kind {
        NAME,
        TEXT,
        NUMBER,
        /// Digits and a unit, such as `7d`.
        DURATION,
        SYMBOL,
        END
    }

    boolean is(String symbolOrName) {
        return (kind == Kind.SYMBOL || kind == Kind.NAME) && text.equals(symbolOrName);
    }

    BadInputException expected(String what) {
        return error("expected " + what + ", found " + described());
    }

    BadInputException error(String message) {
        return new BadInputException(
                "'condition', line %d, column %d: %s.".formatted(line, column, message));
    }

    private String described() {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return kind == Kind.END ? "the end" : "'" + shown + "'";
    }
}
