package org.agentaudit.proof;

import java.io.IOException;
import org.erdtman.jcs.NumberToJSON;

/// Strings and numbers as RFC 8785 writes them. Numbers that are not whole come from the reference
/// implementation.
public final class JsonText {
    /// Whole numbers up to here are the same as doubles, and ECMAScript writes them without
    /// exponent.
    private static final double EXACT = 1L << 53;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /// Appends a string with its quotes.
    public static void string(String text, StringBuilder out) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\') {
                continue;
            }
            out.append(text, plain, i).append('\\');
            plain = i + 1;
            switch (c) {
                case '"', '\\' -> out.append(c);
                case '\b' -> out.append('b');
                case '\f' -> out.append('f');
                case '\n' -> out.append('n');
                case '\r' -> out.append('r');
                case '\t' -> out.append('t');
                default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        out.append(text, plain, text.length()).append('"');
    }

    /// Appends a number.
    ///
    /// @throws IllegalArgumentException when it is not finite
    public static void number(double value, StringBuilder out) {
        if (Math.abs(value) <= EXACT && value == Math.rint(value)) {
            out.append((long) value);
            return;
        }
        try {
            out.append(NumberToJSON.serializeNumber(value));
        } catch (IOException e) {
            throw new IllegalArgumentException("not a finite number: " + value, e);
        }
    }
}
