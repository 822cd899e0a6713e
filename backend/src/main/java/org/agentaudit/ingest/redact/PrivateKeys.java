package org.agentaudit.ingest.redact;

import org.jspecify.annotations.Nullable;

/// Finds private keys in PEM and PuTTY form, whole or cut off, with line ends or with `\n` written
/// out. For one pass over one text.
final class PrivateKeys {
    static final String BEGIN = "-----begin";
    static final String PUTTY = "putty-user-key-file-";

    private static final String END = "-----END";
    private static final String KEY = "PRIVATE KEY";
    private static final int LONGEST_LABEL = 80;
    private static final int LONGEST_KEY = 20_000;

    private final String text;
    /// Where the next end line starts; looked up once for all that stand before it.
    private int nextEnd = -1;

    PrivateKeys(String text) {
        this.text = text;
    }

    /// @param at where [#BEGIN] or [#PUTTY] stands
    @Nullable Span find(int at) {
        if (text.startsWith("PuTTY", at)) {
            return new Span(at, restOfKey(at), SecretNames.PRIVATE_KEY);
        }
        int label = at + BEGIN.length();
        int close = text.indexOf("-----", label);
        if (!text.startsWith("-----BEGIN", at)
                || close < 0
                || close - label > LONGEST_LABEL
                || !text.substring(label, close).contains(KEY)) {
            return null;
        }
        int end = endFrom(close);
        if (end < 0 || end - close > LONGEST_KEY) {
            return new Span(at, restOfKey(close + 5), SecretNames.PRIVATE_KEY);
        }
        int last = text.indexOf("-----", end + END.length());
        int to = last < 0 || last - end > LONGEST_LABEL ? end + END.length() : last + 5;
        return new Span(at, to, SecretNames.PRIVATE_KEY);
    }

    private int endFrom(int from) {
        if (nextEnd < from) {
            int found = text.indexOf(END, from);
            nextEnd = found < 0 ? Integer.MAX_VALUE : found;
        }
        return nextEnd == Integer.MAX_VALUE ? -1 : nextEnd;
    }

    /// The rest of the line and the lines below it that look like parts of a key.
    private int restOfKey(int from) {
        int end = endOfLine(from);
        int last = end;
        while (end < text.length()) {
            int start = end + (text.charAt(end) == '\\' ? 2 : 1);
            int next = endOfLine(start);
            if (!isKeyLine(start, next)) {
                return last;
            }
            end = next;
            // Blank lines in front of other text do not belong to it.
            last = start < end ? end : last;
        }
        return last;
    }

    /// At a line end, at `\n` written out, at a quote or at the end of the text.
    private int endOfLine(int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '"' || c == '\'' || c == '`' || isWrittenLineEnd(i)) {
                return i;
            }
        }
        return text.length();
    }

    private boolean isWrittenLineEnd(int at) {
        return text.charAt(at) == '\\'
                && at + 1 < text.length()
                && (text.charAt(at + 1) == 'n' || text.charAt(at + 1) == 'r');
    }

    private boolean isKeyLine(int from, int to) {
        if (from >= text.length() || "\"'`".indexOf(text.charAt(from - 1)) >= 0) {
            return false;
        }
        String line = text.substring(from, Math.min(to, from + 200)).strip();
        if (line.isEmpty()) {
            return to < text.length();
        }
        int colon = line.indexOf(": ");
        if (colon > 0 && colon < 30 && line.substring(0, colon).indexOf(' ') < 0) {
            return true;
        }
        String body = line.charAt(0) == '+' || line.charAt(0) == '>' ? line.substring(1) : line;
        return body.strip()
                .chars()
                .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "+/=".indexOf(c) >= 0));
    }
}
