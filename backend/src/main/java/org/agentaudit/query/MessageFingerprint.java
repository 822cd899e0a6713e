package org.agentaudit.query;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What messages of errors have in common that differ only in what changes from one occurrence to
/// the next: numbers, ids, quoted text, paths and addresses (B-003-15). Reads a text once, in time
/// that grows with its length, whatever it holds. A change of its rules splits groups in time, so
/// their results for a few messages are pinned by a test.
final class MessageFingerprint {

    private static final String VARIABLE = "#";
    private static final String QUOTED = "<text>";
    private static final String PATH = "<path>";
    private static final String ADDRESS = "<url>";
    private static final int BYTES = 8;
    private static final int LONG_HEX = 8;
    private static final int SHORT_HEX = 4;
    private static final int[] UUID_DASHES = {8, 13, 18, 23};
    private static final int UUID_LENGTH = 36;

    private static final String OPENING = "'\"`“‘«";
    private static final String CLOSING = "'\"`”’»";

    private final String text;
    private final StringBuilder out;
    private final boolean[] neverClosed = new boolean[OPENING.length()];
    private int at;

    private MessageFingerprint(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length());
    }

    /// 16 hexadecimal digits: the start of the SHA-256 of [#normalised]; the same in every portal.
    static String of(String message) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(normalised(message).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The message with placeholders for what changes, and single spaces.
    static String normalised(String message) {
        return new MessageFingerprint(message).normalised();
    }

    private String normalised() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                    out.append(' ');
                }
            } else if (quoted(c) || address() || drive()) {
                continue;
            } else if (isTokenPart(c)) {
                token();
            } else {
                out.append(c);
                at++;
            }
        }
        return out.toString().strip();
    }

    /// Takes a quotation. A mark between letters is an apostrophe, one that nothing closes is only
    /// a mark.
    private boolean quoted(char c) {
        int kind = OPENING.indexOf(c);
        if (kind < 0 || neverClosed[kind] || at > 0 && isWordPart(text.charAt(at - 1))) {
            return false;
        }
        char closing = CLOSING.charAt(kind);
        for (int i = at + 1; i < text.length(); i++) {
            char next = text.charAt(i);
            if (next == '\\') {
                i++;
            } else if (next == closing
                    && (i + 1 == text.length() || !isWordPart(text.charAt(i + 1)))) {
                out.append(QUOTED);
                at = i + 1;
                return true;
            }
        }
        neverClosed[kind] = true;
        return false;
    }

    /// Takes `scheme://…`; called where a word may start.
    private boolean address() {
        if (!isLetter(text.charAt(at)) || at > 0 && isWordPart(text.charAt(at - 1))) {
            return false;
        }
        int end = at;
        while (end < text.length() && isSchemePart(text.charAt(end))) {
            end++;
        }
        if (!text.startsWith("://", end)) {
            return false;
        }
        at = endOfRun(end);
        out.append(ADDRESS);
        return true;
    }

    /// Takes a path that starts with a drive: `C:\…`.
    private boolean drive() {
        boolean starts =
                isLetter(text.charAt(at))
                        && (at == 0 || !isWordPart(text.charAt(at - 1)))
                        && (text.startsWith(":\\", at + 1) || text.startsWith(":/", at + 1));
        if (starts) {
            at = endOfRun(at + 2);
            out.append(PATH);
        }
        return starts;
    }

    /// Where text without blanks, quotation marks and brackets ends, less the punctuation of a
    /// sentence.
    private int endOfRun(int from) {
        int end = from;
        while (end < text.length()
                && !Character.isWhitespace(text.charAt(end))
                && "<>\"'`|()[]{}".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        while (end > from && ".,;:!?".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return end;
    }

    /// Takes letters, digits and what holds names, numbers and paths together.
    private void token() {
        int end = at;
        int slashes = 0;
        int name = at;
        int dot = -1;
        while (end < text.length() && (isTokenPart(text.charAt(end)) || isGroupComma(end))) {
            char c = text.charAt(end);
            if (c == '/' || c == '\\') {
                slashes += c == '/' ? 1 : 0;
                name = end + 1;
            } else if (c == '.' && end + 1 < text.length() && isLetter(text.charAt(end + 1))) {
                dot = end;
            }
            end++;
        }
        while (end - 1 > at && text.charAt(end - 1) == '.') {
            end--;
        }
        if (isPath(end, slashes, name > at && dot > name)) {
            out.append(PATH);
            at = end;
            return;
        }
        while (at < end) {
            word(end);
        }
    }

    /// Names parted by slashes are a path when it starts like one, when there are three or more, or
    /// when the last has an extension: `and/or` is none.
    private boolean isPath(int end, int slashes, boolean extension) {
        int start = at;
        while (start < end && (text.charAt(start) == '.' || text.charAt(start) == '~')) {
            start++;
        }
        boolean absolute =
                start + 1 < end && (text.charAt(start) == '/' || text.startsWith("\\\\", start));
        return absolute || slashes > 1 || extension;
    }

    /// Takes one word of a token, or one sign.
    private void word(int end) {
        if (isUuid(end)) {
            out.append(VARIABLE);
            at += UUID_LENGTH;
            return;
        }
        int stop = at;
        int digits = 0;
        int hex = 0;
        while (stop < end && isWordPart(text.charAt(stop))) {
            char c = text.charAt(stop);
            digits += Character.isDigit(c) ? 1 : 0;
            hex += isHex(c) ? 1 : 0;
            stop++;
        }
        if (stop == at) {
            out.append(text.charAt(at));
            at++;
        } else if (digits == stop - at) {
            number(end);
        } else if (isHexId(stop, hex, digits)) {
            out.append(VARIABLE);
            at = stop;
        } else {
            mixed(stop);
        }
    }

    private boolean isHexId(int stop, int hex, int digits) {
        int length = stop - at;
        if (text.startsWith("0x", at) || text.startsWith("0X", at)) {
            return length > 2 && hex == length - 1;
        }
        return hex == length && (length >= LONG_HEX || length >= SHORT_HEX && digits > 0);
    }

    /// Takes a number with its points and commas: `1,234.5`, `10.0.0.1`.
    private void number(int end) {
        int stop = at;
        while (stop < end && (Character.isDigit(text.charAt(stop)) || isPoint(stop, end))) {
            stop++;
        }
        out.append(VARIABLE);
        at = stop;
    }

    private boolean isPoint(int i, int end) {
        char c = text.charAt(i);
        return (c == '.' || c == ',') && i + 1 < end && Character.isDigit(text.charAt(i + 1));
    }

    /// Takes a word of letters and digits, such as `30s` or `order42`.
    private void mixed(int stop) {
        while (at < stop) {
            char c = text.charAt(at);
            if (!Character.isDigit(c)) {
                out.append(c);
            } else if (out.isEmpty() || out.charAt(out.length() - 1) != '#') {
                out.append(VARIABLE);
            }
            at++;
        }
    }

    private boolean isUuid(int end) {
        if (at + UUID_LENGTH > end || at > 0 && isWordPart(text.charAt(at - 1))) {
            return false;
        }
        int dash = 0;
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(at + i);
            if (dash < UUID_DASHES.length && i == UUID_DASHES[dash]) {
                dash++;
                if (c != '-') {
                    return false;
                }
            } else if (!isHex(c)) {
                return false;
            }
        }
        return at + UUID_LENGTH == end || !isWordPart(text.charAt(at + UUID_LENGTH));
    }

    /// A comma between digits: of `1,234`.
    private boolean isGroupComma(int i) {
        return text.charAt(i) == ','
                && i > at
                && Character.isDigit(text.charAt(i - 1))
                && i + 1 < text.length()
                && Character.isDigit(text.charAt(i + 1));
    }

    private static boolean isTokenPart(char c) {
        return isWordPart(c) || "._~@%+$-/\\".indexOf(c) >= 0;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c);
    }

    private static boolean isSchemePart(char c) {
        return isLetter(c) || c >= '0' && c <= '9' || c == '+' || c == '.' || c == '-';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}
