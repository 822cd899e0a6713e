package org.agentaudit.ingest.redact;

import org.jspecify.annotations.Nullable;

/// Finds payment card numbers: the first digits and the length of a network, digits in one piece or
/// in groups of at least four with one blank or dash between them, a Luhn check digit, and nothing
/// around them that makes them part of something longer.
final class PaymentCards {
    static final String DETECTOR = "payment_card";

    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;

    private PaymentCards() {}

    /// @param at where a run of digits may start
    static @Nullable Span find(String text, int at) {
        if (at > 0 && isPart(text, at - 1, -1)) {
            return null;
        }
        int[] digits = new int[LONGEST];
        int count = 0;
        int group = 0;
        char gap = 0;
        int i = at;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isDigit(c)) {
                if (count == LONGEST) {
                    return null;
                }
                digits[count++] = c - '0';
                group++;
            } else if ((c == ' ' || c == '-')
                    && group >= 4
                    && (gap == 0 || gap == c)
                    && i + 1 < text.length()
                    && isDigit(text.charAt(i + 1))) {
                // A number in one piece of full length ends here: what follows is another one.
                if (gap == 0 && count >= SHORTEST) {
                    break;
                }
                gap = c;
                group = 0;
            } else {
                break;
            }
        }
        boolean ends = i == text.length() || !isPart(text, i, 1);
        boolean grouped = gap == 0 || isGrouping(text, at, gap, count);
        return ends && grouped && isCard(digits, count) ? new Span(at, i, DETECTOR) : null;
    }

    /// Letters, digits and signs that glue digits to an id, a decimal or a hash.
    private static boolean isPart(String text, int at, int direction) {
        char c = text.charAt(at);
        if (Character.isLetterOrDigit(c)) {
            // \n and the like in an escaped text
            return direction > 0 || at == 0 || text.charAt(at - 1) != '\\' || "nrt".indexOf(c) < 0;
        }
        if (c == '_' || c == '#' && direction < 0) {
            return c == '_';
        }
        int beyond = at + direction;
        // `user.4111…` names a member; `1.4111…` is a decimal.
        if (c == '.' && direction < 0) {
            return beyond >= 0 && isDigit(text.charAt(beyond));
        }
        return (c == '.' || c == '-' || c == '+' && direction > 0)
                && beyond >= 0
                && beyond < text.length()
                && Character.isLetterOrDigit(text.charAt(beyond));
    }

    /// Printed as 4-4-4-4, 4-6-5 or 4-6-4; the last group of the first may be shorter or longer.
    private static boolean isGrouping(String text, int at, char gap, int count) {
        int first = text.indexOf(gap, at) - at;
        int second = text.indexOf(gap, at + first + 1) - at - first - 1;
        if (first != 4) {
            return false;
        }
        return count == 15 || count == 14 ? second == 6 || second == 4 : second == 4;
    }

    private static boolean isCard(int[] digits, int count) {
        return count >= SHORTEST && isIssued(digits, count) && isLuhn(digits, count);
    }

    private static boolean isIssued(int[] d, int count) {
        int two = d[0] * 10 + d[1];
        int four = two * 100 + d[2] * 10 + d[3];
        if (d[0] == 4) {
            return count == 13 || count == 16 || count == 19;
        }
        if (two == 34 || two == 37) {
            return count == 15;
        }
        if (two >= 51 && two <= 55 || four >= 2221 && four <= 2720) {
            return count == 16;
        }
        if (four >= 3000 && four <= 3059 || two == 36 || two == 38 || two == 39) {
            return count == 14 || count == 16;
        }
        if (four >= 3528 && four <= 3589) {
            return count >= 16;
        }
        return (four == 6011 || two == 65 || four >= 6440 && four <= 6499 || two == 62)
                && count >= 16;
    }

    private static boolean isLuhn(int[] digits, int count) {
        int sum = 0;
        boolean same = true;
        for (int i = 0; i < count; i++) {
            int digit = digits[count - 1 - i];
            same &= digit == digits[0];
            int twice = digit * 2;
            sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
        }
        return sum % 10 == 0 && !same;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
