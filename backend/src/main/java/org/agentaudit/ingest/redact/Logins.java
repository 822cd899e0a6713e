package org.agentaudit.ingest.redact;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds passwords where no sign of assignment stands in front of them: in a netrc file, in options
/// of commands, in the logins of a Docker configuration, and the signatures of Azure addresses.
final class Logins {
    static final String NETRC = "login";
    static final String OPTION = " -p";
    static final String AUTH = "auth\"";
    static final String AUTH_ESCAPED = "auth\\\"";
    static final String SIGNATURE = "sig=";

    private static final int LONGEST = 600;
    private static final int LONGEST_GAP = 20;
    private static final int SHORTEST_AUTH = 12;
    private static final int SHORTEST_SIGNATURE = 8;
    private static final Set<String> CLIENTS = Set.of("mysql", "mysqldump", "mariadb");
    /// Options of `find`, which may well look for a file named mysql.
    private static final Set<String> FIND =
            Set.of("-print", "-print0", "-printf", "-prune", "-path", "-perm");

    /// Members that stand beside the signature of a shared access.
    private static final Set<String> SIGNED = Set.of("sv", "se", "sp", "sr", "st", "skn");

    private Logins() {}

    /// `machine h login u password X`. Without the machine, it may be a sentence: then only what
    /// has letters and digits is a password.
    ///
    /// @param word where `login` starts
    /// @param at   behind it
    static @Nullable Span netrc(String text, int word, int at) {
        if (word > 0 && !isBlank(text, word - 1) && !isEscapedBreak(text, word - 2)) {
            return null;
        }
        int user = skipGap(text, at);
        int userEnd = wordEnd(text, user);
        int name = skipGap(text, userEnd);
        if (user == at || userEnd == user || name == userEnd) {
            return null;
        }
        if (!text.startsWith("password", name)) {
            return null;
        }
        int from = skipGap(text, name + "password".length());
        int to = wordEnd(text, from);
        if (from == name + "password".length() || from == to) {
            return null;
        }
        String value = text.substring(from, to);
        boolean mixed =
                value.length() >= 6
                        && value.chars().anyMatch(Character::isDigit)
                        && value.chars().anyMatch(Character::isLetter);
        boolean secret = !SecretValues.isPlaceholder(value) && (mixed || isMachine(text, word));
        return secret ? new Span(from, to, SecretNames.PASSWORD) : null;
    }

    private static boolean isMachine(String text, int login) {
        String[] words =
                text.substring(Math.max(0, login - LONGEST), login).split("(?:\\s|\\\\[nrt])+");
        return words.length > 1 && words[words.length - 2].equals("machine");
    }

    /// `sshpass -p X`, `mysql -pX`.
    ///
    /// @param at behind the option
    static @Nullable Span option(String text, int at) {
        if (text.charAt(at - 1) != 'p') {
            return null;
        }
        int option = at - 2;
        int start = option;
        int lowest = Math.max(0, option - LONGEST);
        while (start > lowest && "\n;|&".indexOf(text.charAt(start - 1)) < 0) {
            start--;
        }
        String[] words = text.substring(start, option).strip().split("[\\s/\"'`(]+");
        int from = at;
        if (words[words.length - 1].equals("sshpass")) {
            while (from < text.length() && text.charAt(from) == ' ') {
                from++;
            }
        } else if (!isClient(words) || FIND.contains(text.substring(option, wordEnd(text, at)))) {
            return null;
        }
        int end;
        char quote = from < text.length() ? text.charAt(from) : 0;
        if (quote == '"' || quote == '\'') {
            from++;
            end = text.indexOf(quote, from);
            end = end < 0 || end - from > LONGEST ? wordEnd(text, from) : end;
        } else {
            end = wordEnd(text, from);
        }
        return end <= from || SecretValues.isPlaceholder(text.substring(from, end))
                ? null
                : new Span(from, end, SecretNames.PASSWORD);
    }

    private static boolean isClient(String[] words) {
        for (String word : words) {
            if (CLIENTS.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /// `"auth": "dXNlcjpwYXNz"`
    ///
    /// @param at behind the name and its quote
    static @Nullable Span auth(String text, int at) {
        int from = at;
        int last = Math.min(text.length(), at + LONGEST_GAP);
        boolean colon = false;
        while (from < last && (" :\t\r\n".indexOf(text.charAt(from)) >= 0)) {
            colon |= text.charAt(from) == ':';
            from++;
        }
        while (from < last && text.charAt(from) == '\\') {
            from++;
        }
        if (!colon || from >= last || text.charAt(from) != '"') {
            return null;
        }
        from++;
        int end = from;
        while (end < text.length() && isBase64(text.charAt(end))) {
            end++;
        }
        boolean whole = end < text.length() && "\\\"".indexOf(text.charAt(end)) >= 0;
        return whole && isAuth(text.substring(from, end))
                ? new Span(from, end, SecretNames.AUTHORIZATION)
                : null;
    }

    /// Base64 of a user, a colon and a password, or of something no one writes by hand.
    static boolean isAuth(String value) {
        if (value.length() < SHORTEST_AUTH || !value.chars().allMatch(c -> isBase64((char) c))) {
            return false;
        }
        if (value.endsWith("=") || SecretValues.isLikely(value)) {
            return true;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(value);
            String login = new String(decoded, StandardCharsets.ISO_8859_1);
            return login.indexOf(':') > 0 && login.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        } catch (IllegalArgumentException e) {
            return false; // not Base64 after all
        }
    }

    /// The signature of a shared access: `?sv=…&se=…&sp=…&sig=X`.
    ///
    /// @param word where `sig=` starts
    /// @param at   behind it
    static @Nullable Span signature(String text, int word, int at) {
        if (word == 0 || "?&; \t6".indexOf(text.charAt(word - 1)) < 0) {
            return null;
        }
        int end = at;
        while (end < text.length() && end - at < LONGEST && isSigned(text.charAt(end))) {
            end++;
        }
        if (end - at < SHORTEST_SIGNATURE) {
            return null;
        }
        int start = word;
        int lowest = Math.max(0, word - LONGEST);
        while (start > lowest && !isAddressEnd(text.charAt(start - 1))) {
            start--;
        }
        int stop = end;
        int highest = Math.min(text.length(), end + LONGEST);
        while (stop < highest && !isAddressEnd(text.charAt(stop))) {
            stop++;
        }
        boolean named =
                text.substring(Math.max(0, word - LONGEST), word)
                        .toLowerCase(Locale.ROOT)
                        .contains("sharedaccesssignature");
        return named || isShared(text.substring(start, stop))
                ? new Span(at, end, SecretNames.SECRET)
                : null;
    }

    private static boolean isShared(String address) {
        for (String member : address.split("[?&;]|\\\\u0026")) {
            int equals = member.indexOf('=');
            if (equals > 0 && SIGNED.contains(member.substring(0, equals))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSigned(char c) {
        return isBase64(c) || c == '%' || c == '-' || c == '_';
    }

    private static boolean isAddressEnd(char c) {
        return c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
    }

    private static boolean isBase64(char c) {
        return c < 128 && Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=';
    }

    private static boolean isBlank(String text, int at) {
        return text.charAt(at) <= ' ';
    }

    private static boolean isEscapedBreak(String text, int at) {
        return at >= 0 && text.charAt(at) == '\\' && "nrt".indexOf(text.charAt(at + 1)) >= 0;
    }

    private static int skipGap(String text, int at) {
        int i = at;
        while (i < text.length() && i - at < LONGEST_GAP) {
            if (isBlank(text, i)) {
                i++;
            } else if (i + 1 < text.length() && isEscapedBreak(text, i)) {
                i += 2;
            } else {
                break;
            }
        }
        return i;
    }

    private static int wordEnd(String text, int at) {
        int i = at;
        while (i < text.length()
                && i - at < LONGEST
                && !isAddressEnd(text.charAt(i))
                && !(i + 1 < text.length() && isEscapedBreak(text, i))) {
            i++;
        }
        return i;
    }
}
