package org.agentaudit.ingest;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// Member names with the escape of half a character (`\ud800`) are JSON, and the parser stops at
/// them. They are given the form in which such a name is stored anyhow: the six characters of the
/// escape.
final class LoneSurrogates {
    private static final int ESCAPE = 6;

    private LoneSurrogates() {}

    /// @param lines each line is a text of its own
    /// @return the body itself when no name has such an escape
    static byte[] writtenOutInNames(byte[] body, boolean lines) {
        if (!hasSurrogateEscape(body)) {
            return body;
        }
        List<Integer> places = places(body, lines);
        if (places.isEmpty()) {
            return body;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + places.size());
        int from = 0;
        for (int place : places) {
            out.write(body, from, place - from);
            out.write('\\');
            from = place;
        }
        out.write(body, from, body.length - from);
        return out.toByteArray();
    }

    private static boolean hasSurrogateEscape(byte[] body) {
        for (int i = 0; i + ESCAPE <= body.length; i++) {
            if (body[i] == '\\' && unit(body, i) != 0) {
                return true;
            }
        }
        return false;
    }

    /// Where the escapes of lone surrogates in names start.
    private static List<Integer> places(byte[] body, boolean lines) {
        List<Integer> places = new ArrayList<>();
        List<Integer> inText = new ArrayList<>();
        boolean text = false;
        int i = 0;
        while (i < body.length) {
            byte b = body[i];
            if (b == '\n' && lines) {
                text = false;
            } else if (!text) {
                text = b == '"';
                inText.clear();
            } else if (b == '"') {
                text = false;
                if (isName(body, i + 1)) {
                    places.addAll(inText);
                }
            } else if (b == '\\') {
                int unit = unit(body, i);
                boolean pair =
                        Character.isHighSurrogate((char) unit)
                                && Character.isLowSurrogate((char) unit(body, i + ESCAPE));
                if (unit == 0) {
                    i++;
                } else if (pair) {
                    i += 2 * ESCAPE - 1;
                } else {
                    inText.add(i);
                    i += ESCAPE - 1;
                }
            }
            i++;
        }
        return places;
    }

    /// The surrogate whose escape starts there; 0 when none does.
    private static int unit(byte[] body, int at) {
        if (at + ESCAPE > body.length || body[at] != '\\' || body[at + 1] != 'u') {
            return 0;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(body[i], 16);
            if (digit < 0) {
                return 0;
            }
            unit = unit << 4 | digit;
        }
        return Character.isSurrogate((char) unit) ? unit : 0;
    }

    private static boolean isName(byte[] body, int after) {
        int i = after;
        while (i < body.length
                && (body[i] == ' ' || body[i] == '\t' || body[i] == '\r' || body[i] == '\n')) {
            i++;
        }
        return i < body.length && body[i] == ':';
    }
}
