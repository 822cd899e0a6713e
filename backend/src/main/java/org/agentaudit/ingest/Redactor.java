package org.agentaudit.ingest;

import java.util.Locale;
import java.util.Set;

/// Takes secrets out of a line before anything of it is hashed, stored or logged: by a member's
/// name and by detectors on every text. Only texts are touched, never numbers, so that counters
/// such as `token_count` stay. Characters that PostgreSQL cannot hold are written out as escapes.
final class Redactor extends TextRewriter {
    /// Changes whenever the same line could come out differently.
    static final int RULES = 1;

    static final String UNSTORABLE = "unstorable";

    /// Names without `-` and `_`, lower case.
    private static final Set<String> SECRET_NAMES =
            Set.of(
                    "password",
                    "passwd",
                    "secret",
                    "apikey",
                    "xapikey",
                    "token",
                    "accesstoken",
                    "refreshtoken",
                    "idtoken",
                    "authtoken",
                    "bearertoken",
                    "authorization",
                    "proxyauthorization",
                    "privatekey",
                    "clientsecret",
                    "secretkey",
                    "secretaccesskey",
                    "awssecretaccesskey");

    private static final int SHORTEST_NAME = 5;
    private static final int LONGEST_NAME = 24;

    /// The same for text that is no JSON.
    static String redactText(String text) {
        return TextDetectors.redact(storable(text), detector -> {});
    }

    @Override
    String text(String member, String text) {
        if (text.isEmpty() || text.equals(TextDetectors.REPLACEMENT)) {
            return text;
        }
        if (isSecretName(member)) {
            found("key");
            return TextDetectors.REPLACEMENT;
        }
        String clean = storable(text);
        if (!clean.equals(text)) {
            found(UNSTORABLE);
        }
        return TextDetectors.redact(clean, this::found);
    }

    @Override
    String name(String name) {
        return storable(name);
    }

    private static boolean isSecretName(String name) {
        if (name.length() < SHORTEST_NAME || name.length() > LONGEST_NAME) {
            return false;
        }
        return SECRET_NAMES.contains(
                name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
    }

    /// Every NUL and lone surrogate as the six characters of its JSON escape; the same object when
    /// there is none.
    static String storable(String text) {
        int fault = firstUnstorable(text, 0);
        if (fault < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        int kept = 0;
        for (; fault >= 0; fault = firstUnstorable(text, kept)) {
            out.append(text, kept, fault)
                    .append(String.format(Locale.ROOT, "\\u%04x", (int) text.charAt(fault)));
            kept = fault + 1;
        }
        return out.append(text, kept, text.length()).toString();
    }

    private static int firstUnstorable(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return i;
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }
}
