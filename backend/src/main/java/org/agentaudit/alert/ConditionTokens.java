package org.agentaudit.alert;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.query.BadInputException;

/// Cuts a condition into tokens.
final class ConditionTokens {

    private static final int LONGEST_TEXT = 500;
    private static final int LONGEST_NUMBER = 15;

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;

    private ConditionTokens(String text) {
        this.text = text;
    }

    /// The tokens, END last.
    ///
    /// @throws BadInputException with line and column of what is no token
    static List<Token> of(String condition) {
        return new ConditionTokens(condition).all();
    }

    private List<Token> all() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n') {
                line++;
                at++;
                lineStart = at;
            } else if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '\'' || c == '"') {
                quoted(c);
            } else if (isDigit(c)) {
                number();
            } else if (isLetter(c)) {
                int end = at;
                while (end < text.length()
                        && (isLetter(text.charAt(end)) || isDigit(text.charAt(end)))) {
                    end++;
                }
                add(Token.Kind.NAME, end);
            } else {
                symbol(c);
            }
        }
        add(Token.Kind.END, at);
        return tokens;
    }

    private void quoted(char quote) {
        Token start = token(Token.Kind.TEXT, "");
        StringBuilder value = new StringBuilder();
        int i = at + 1;
        while (true) {
            if (i >= text.length() || text.charAt(i) == '\n') {
                throw start.error("the text that starts here has no closing " + quote);
            }
            char c = text.charAt(i);
            if (c == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    break;
                }
            }
            value.append(c);
            i++;
        }
        if (value.length() > LONGEST_TEXT) {
            throw start.error("a text is at most " + LONGEST_TEXT + " characters long");
        }
        tokens.add(new Token(Token.Kind.TEXT, value.toString(), start.line(), start.column()));
        at = i + 1;
    }

    private void number() {
        int end = digits(at);
        if (end + 1 < text.length() && text.charAt(end) == '.' && isDigit(text.charAt(end + 1))) {
            end = digits(end + 1);
        }
        if (end - at > LONGEST_NUMBER) {
            throw token(Token.Kind.NUMBER, "")
                    .error("a number is at most " + LONGEST_NUMBER + " characters long");
        }
        int unit = end;
        while (unit < text.length()
                && (isLetter(text.charAt(unit)) || isDigit(text.charAt(unit)))) {
            unit++;
        }
        add(unit == end ? Token.Kind.NUMBER : Token.Kind.DURATION, unit);
    }

    private int digits(int from) {
        int end = from;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private void symbol(char c) {
        String two = text.substring(at, Math.min(text.length(), at + 2));
        switch (two) {
            case "==", "!=", "<>", "<=", ">=" -> add(Token.Kind.SYMBOL, at + 2);
            default -> {
                if ("|(),=<>+-*/".indexOf(c) < 0) {
                    String shown = new String(Character.toChars(text.codePointAt(at)));
                    throw token(Token.Kind.SYMBOL, shown)
                            .error("the character '" + shown + "' means nothing here");
                }
                add(Token.Kind.SYMBOL, at + 1);
            }
        }
    }

    private void add(Token.Kind kind, int end) {
        tokens.add(token(kind, text.substring(at, end)));
        at = end;
    }

    private Token token(Token.Kind kind, String value) {
        return new Token(kind, value, line, at - lineStart + 1);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }
}
