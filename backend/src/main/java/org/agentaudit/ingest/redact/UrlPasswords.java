package org.agentaudit.ingest.redact;

import org.jspecify.annotations.Nullable;

/// Finds passwords in addresses (`scheme://user:password@host`), also percent-encoded ones, and in
/// `curl -u user:password`.
final class UrlPasswords {
    static final String DETECTOR = "url_password";
    static final String PLAIN = "://";
    static final String ENCODED = "%3a%2f%2f";
    static final String USER_OPTION = "-u ";
    static final String LONG_USER_OPTION = "--user ";

    private static final int LONGEST = 300;

    private UrlPasswords() {}

    /// @param at behind `://`
    static @Nullable Span plain(String text, int at) {
        int colon = -1;
        int slash = -1;
        int sign = -1;
        int last = Math.min(text.length(), at + LONGEST);
        for (int i = at; i < last; i++) {
            char c = text.charAt(i);
            if (isEnd(c) || slash < 0 && (c == '?' || c == '#')) {
                break;
            }
            if (c == ':' && colon < 0) {
                colon = i;
            } else if (c == '@' && (slash < 0 || sign < 0)) {
                sign = i;
            } else if (c == '/' && slash < 0) {
                if (sign > 0 || colon < 0 || startsWithDigit(text, colon + 1)) {
                    break;
                }
                // No port: the slash may be part of a password.
                slash = i;
            }
        }
        if (sign < 0) {
            return null;
        }
        if (colon < 0 || colon > sign) {
            return keyOnly(text, at, sign);
        }
        String password = text.substring(colon + 1, sign);
        if (password.isEmpty() || password.equals("x-oauth-basic")) {
            return keyOnly(text, at, colon);
        }
        return SecretValues.isPlaceholder(password) ? null : new Span(colon + 1, sign, DETECTOR);
    }

    /// A key in the place of a user.
    private static @Nullable Span keyOnly(String text, int from, int to) {
        return SecretValues.isLikely(text.substring(from, to)) && to - from >= 20
                ? new Span(from, to, DETECTOR)
                : null;
    }

    /// @param at behind `%3A%2F%2F`
    static @Nullable Span encoded(String text, int at) {
        int last = at;
        while (last < text.length()
                && last - at < LONGEST
                && text.charAt(last) > ' '
                && text.charAt(last) != '&') {
            last++;
        }
        String part = text.substring(at, last);
        int sign = part.indexOf("%40");
        int slash = part.indexOf("%2F");
        int colon = part.indexOf("%3A");
        colon = colon < 0 ? part.indexOf("%3a") : colon;
        boolean found = colon > 0 && sign > colon + 3 && (slash < 0 || slash > sign);
        return found ? new Span(at + colon + 3, at + sign, DETECTOR) : null;
    }

    /// @param option where `-u` or `--user` starts
    /// @param at     behind it
    static @Nullable Span userOption(String text, int option, int at) {
        int line = Math.max(0, option - LONGEST);
        if (!text.substring(line, option).contains("curl")
                || option == 0
                || text.charAt(option - 1) != ' ') {
            return null;
        }
        int from = at;
        while (from < text.length()
                && (text.charAt(from) == ' '
                        || isQuote(text.charAt(from))
                        || text.charAt(from) == '\\')) {
            from++;
        }
        int colon = -1;
        int end = from;
        while (end < text.length() && end - from < LONGEST && !isEnd(text.charAt(end))) {
            if (text.charAt(end) == ':' && colon < 0) {
                colon = end;
            }
            end++;
        }
        if (colon < 0 || colon + 1 >= end) {
            return colon > from && SecretValues.isLikely(text.substring(from, colon))
                    ? new Span(from, colon, DETECTOR)
                    : null;
        }
        return SecretValues.isPlaceholder(text.substring(colon + 1, end))
                ? null
                : new Span(colon + 1, end, DETECTOR);
    }

    private static boolean startsWithDigit(String text, int at) {
        return at < text.length()
                && text.charAt(at) >= '0'
                && text.charAt(at) <= '9'
                && onlyPort(text, at);
    }

    private static boolean onlyPort(String text, int at) {
        int i = at;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i == text.length() || text.charAt(i) == '/';
    }

    private static boolean isEnd(char c) {
        return c <= ' ' || isQuote(c) || c == '<' || c == '>' || c == '\\';
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }
}
