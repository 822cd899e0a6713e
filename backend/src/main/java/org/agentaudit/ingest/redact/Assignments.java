package org.agentaudit.ingest.redact;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds `name = value` in free text where the name says that the value is a secret: assignments of
/// any language, members of JSON, YAML and XML, headers, options of commands, query parameters,
/// also escaped or percent-encoded. Only the value is taken. Reads each character a bounded number
/// of times.
final class Assignments {
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_GAP = 200;
    private static final int DEEPEST_ESCAPE = 15;
    /// Longer values are secrets whatever they look like: what is read to its end and then left
    /// would be read again for each name in it.
    private static final int LONGEST_JUDGED = 4_096;

    private static final Set<String> SCHEMES =
            Set.of("bearer", "basic", "token", "apikey", "digest", "negotiate", "key", "bot");

    private static final List<String> SEPARATORS =
            List.of(
                    ":::=", "::=", "??=", ":=", "?=", "+=", ".=", "=>", "->", "===", "==", "=", ":",
                    "%3D", "%3d", "%3A", "%3a", "\\u003d", "\\u003a");

    private static final List<String> QUOTES_ESCAPED = List.of("%22", "%27", "&quot;", "\\u0022");

    private final SecretNames names;
    private final Marker marker;

    Assignments(SecretNames names, Marker marker) {
        this.names = names;
        this.marker = marker;
    }

    /// One search around a name.
    ///
    /// @param nameEnd end of the whole name, so that it is not looked at again for another word in
    ///     it
    /// @param secret  null when there is none
    record Found(int nameEnd, @Nullable Span secret) {}

    /// @param from  start of a word that may be part of a secret's name
    /// @param to    its end
    /// @param floor nothing before this belongs to the name
    Found find(String text, int from, int to, int floor) {
        int start = from;
        int lowest = Math.max(floor, from - LONGEST_NAME);
        while (start > lowest && isNamePart(text.charAt(start - 1))) {
            start--;
        }
        if (start < from && start > 0 && isEscaped(text, start)) {
            start++;
        }
        int end = to;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        int dashes = start;
        while (dashes < from && (text.charAt(dashes) == '-' || text.charAt(dashes) == '.')) {
            dashes++;
        }
        String name = text.substring(dashes, Math.min(end, dashes + LONGEST_NAME + 1));
        SecretNames.Rule rule = names.rule(withSpacedWord(text, dashes, name));
        if (rule == null) {
            return new Found(end, null);
        }
        boolean option = text.charAt(start) == '-' && end - dashes == name.length();
        return new Found(end, new Reading(text, name, rule, start, end, option).secret());
    }

    /// `API key` and `secret key` are written with a blank in prose and in forms.
    private static String withSpacedWord(String text, int start, String name) {
        boolean second =
                name.equalsIgnoreCase("key")
                        || name.equalsIgnoreCase("keys")
                        || name.equalsIgnoreCase("string");
        if (!second || start < 4 || text.charAt(start - 1) != ' ') {
            return name;
        }
        int word = start - 1;
        while (word > 0 && word > start - 20 && isNamePart(text.charAt(word - 1))) {
            word--;
        }
        return text.substring(word, start) + name;
    }

    /// `\n` and the like in front of a name that stands in an escaped text.
    private static boolean isEscaped(String text, int start) {
        return text.charAt(start - 1) == '\\' && "nrtbf".indexOf(text.charAt(start)) >= 0;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
    }

    /// The way from a name to its value.
    private final class Reading {
        private final String text;
        private final String name;
        private final SecretNames.Rule rule;
        private final int nameStart;
        private final boolean option;
        private int at;
        private boolean quotedName;
        private boolean encoded;
        private boolean strong;
        private boolean spaced;
        private boolean inProgram;
        private boolean compared;

        Reading(
                String text,
                String name,
                SecretNames.Rule rule,
                int nameStart,
                int nameEnd,
                boolean option) {
            this.text = text;
            this.name = name;
            this.rule = rule;
            this.nameStart = nameStart;
            this.option = option;
            this.at = nameEnd;
        }

        @Nullable Span secret() {
            if (!separator() || isWord()) {
                return null;
            }
            return value(0);
        }

        /// `pass` and `credentials` are words of everyday, too (`PASS: TestParser`): they count
        /// only where a program wrote them.
        private boolean isWord() {
            boolean everyday =
                    name.equalsIgnoreCase("pass") || rule.detector().equals(SecretNames.CREDENTIAL);
            boolean longOption = option && text.startsWith("--", nameStart);
            return everyday && !quotedName && !longOption && (option || !strong || spaced);
        }

        /// Moves to where the value starts; false when the name has no value.
        private boolean separator() {
            closeName();
            int afterName = at;
            skipBlanks(quotedName);
            if (xmlEnd()) {
                skipBlanks(true);
                return true;
            }
            typeOfGo();
            if (pairedValue(afterName) || symbol()) {
                return true;
            }
            at = afterName;
            if (option && blank(at)) {
                skipBlanks(false);
                strong = true;
                return at < text.length() && text.charAt(at) != '-';
            }
            return comma() || is();
        }

        private void closeName() {
            int p = at;
            while (p < text.length() && text.charAt(p) == '\\' && p - at < DEEPEST_ESCAPE) {
                p++;
            }
            if (p < text.length() && isQuote(text.charAt(p))) {
                quotedName = true;
                at = p + 1;
            } else {
                for (String quote : QUOTES_ESCAPED) {
                    if (text.startsWith(quote, at)) {
                        quotedName = true;
                        encoded = quote.startsWith("%");
                        at += quote.length();
                        break;
                    }
                }
            }
            if (quotedName && at < text.length() && text.charAt(at) == ']') {
                at++;
            }
        }

        /// `<password>x</password>`
        private boolean xmlEnd() {
            boolean opened =
                    nameStart > 0
                            && (text.charAt(nameStart - 1) == '<'
                                    || text.charAt(nameStart - 1) == ':');
            if (opened && at < text.length() && text.charAt(at) == '>') {
                at++;
                strong = true;
                return true;
            }
            return false;
        }

        /// `var token string = "x"`
        private void typeOfGo() {
            if (text.startsWith("string ", at) || text.startsWith("string=", at)) {
                int p = at + 6;
                while (p < text.length() && text.charAt(p) == ' ') {
                    p++;
                }
                if (p < text.length() && text.charAt(p) == '=') {
                    at = p;
                }
            }
        }

        /// `name: DB_PASSWORD` and `value: x` beside it, in JSON, YAML and XML.
        private boolean pairedValue(int afterName) {
            int p = afterName;
            while (p < text.length()
                    && p - afterName < LONGEST_GAP
                    && " \t\r\n,\\\"'".indexOf(text.charAt(p)) >= 0) {
                boolean writtenOut =
                        text.charAt(p) == '\\'
                                && p + 1 < text.length()
                                && "nrt".indexOf(text.charAt(p + 1)) >= 0;
                p += writtenOut ? 2 : 1;
            }
            if (p == afterName || !text.startsWith("value", p)) {
                return false;
            }
            p += "value".length();
            while (p < text.length() && "\\\"' \t".indexOf(text.charAt(p)) >= 0) {
                p++;
            }
            if (p < text.length() && (text.charAt(p) == ':' || text.charAt(p) == '=')) {
                at = p + 1;
                skipBlanks(false);
                strong = true;
                return true;
            }
            return false;
        }

        private boolean symbol() {
            for (String separator : SEPARATORS) {
                if (text.startsWith(separator, at)) {
                    at += separator.length();
                    if (separator.equals(":") && at < text.length() && text.charAt(at) == ':') {
                        return false;
                    }
                    encoded |= separator.charAt(0) == '%';
                    strong = separator.endsWith("=");
                    int before = at;
                    skipBlanks(quotedName);
                    if (!quotedName) {
                        nextLine();
                    }
                    spaced = at > before;
                    inProgram = strong && spaced;
                    compared = separator.startsWith("==");
                    boolean nextLine = text.substring(before, at).indexOf('\n') >= 0;
                    return at < text.length() && (!nextLine || isQuoteOrEscape());
                }
            }
            return false;
        }

        private boolean isQuoteOrEscape() {
            return isQuote(text.charAt(at)) || text.charAt(at) == '\\' || strong;
        }

        /// A block of YAML: the value stands on the lines below.
        private void nextLine() {
            if (at + 2 < text.length()
                    && (text.charAt(at) == '|' || text.charAt(at) == '>')
                    && "-+\n\r ".indexOf(text.charAt(at + 1)) >= 0) {
                int p = at + 1;
                while (p < text.length() && "-+ \r".indexOf(text.charAt(p)) >= 0) {
                    p++;
                }
                if (p < text.length() && text.charAt(p) == '\n') {
                    at = p + 1;
                    skipBlanks(false);
                    strong = true;
                }
            }
        }

        /// `setProperty("token", "x")`, `["--token", "x"]`
        private boolean comma() {
            if (!quotedName || at >= text.length() || text.charAt(at) != ',') {
                return false;
            }
            boolean argument = openedByCall();
            if (!option && !argument) {
                return false;
            }
            at++;
            skipBlanks(true);
            strong = true;
            return at < text.length() && (isQuote(text.charAt(at)) || text.charAt(at) == '\\');
        }

        private boolean openedByCall() {
            int p = nameStart - 1;
            while (p > 0 && (isQuote(text.charAt(p)) || text.charAt(p) == '\\')) {
                p--;
            }
            return p > 0 && text.charAt(p) == '(' && isNamePart(text.charAt(p - 1));
        }

        /// "the password is hunter2"
        private boolean is() {
            skipBlanks(false);
            if (!text.startsWith("is ", at) && !text.startsWith("is: ", at)) {
                return false;
            }
            at += 2;
            if (text.charAt(at) == ':') {
                at++;
            }
            skipBlanks(false);
            if (at >= text.length()) {
                return false;
            }
            if (isQuote(text.charAt(at))) {
                return true;
            }
            int end = bareEnd(at);
            boolean digit = false;
            boolean other = false;
            for (int i = at; i < end; i++) {
                boolean isDigit = Character.isDigit(text.charAt(i));
                digit |= isDigit;
                other |= Character.isLetter(text.charAt(i));
            }
            return digit && other && end - at >= 6;
        }

        private @Nullable Span value(int depth) {
            prefix();
            if (at >= text.length()) {
                return null;
            }
            int open = at;
            int escapes = 0;
            while (open < text.length() && text.charAt(open) == '\\' && escapes < DEEPEST_ESCAPE) {
                open++;
                escapes++;
            }
            if (open < text.length() && isQuote(text.charAt(open))) {
                return quoted(open, escapes);
            }
            for (String quote : QUOTES_ESCAPED) {
                if (text.startsWith(quote, at)) {
                    return escapedQuote(quote);
                }
            }
            return bare(depth);
        }

        /// Letters and signs that some languages put in front of a text, a scheme of HTTP without
        /// quotes around it.
        private void prefix() {
            if (at + 1 < text.length()
                    && "rbfuRBFU@$".indexOf(text.charAt(at)) >= 0
                    && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\'')) {
                at++;
            }
        }

        private @Nullable Span quoted(int open, int escapes) {
            char quote = text.charAt(open);
            int from = open + 1;
            boolean triple =
                    escapes == 0
                            && from + 1 < text.length()
                            && text.charAt(from) == quote
                            && text.charAt(from + 1) == quote;
            if (triple) {
                from += 2;
            }
            if (!quotedName && isGlued(from)) {
                return null;
            }
            int end = quoteEnd(from, quote, escapes, triple);
            return end < 0 ? cut(from) : checked(from, end, true);
        }

        /// The quote ends a text that a variable is put behind: `"token=" + token`.
        private boolean isGlued(int from) {
            int p = from;
            while (p < text.length() && text.charAt(p) == ' ') {
                p++;
            }
            return p < text.length() && "+,)].;".indexOf(text.charAt(p)) >= 0;
        }

        /// End of a quoted value; -1 when its quote does not occur again on the line.
        private int quoteEnd(int from, char quote, int escapes, boolean triple) {
            int backslashes = 0;
            for (int i = from; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\') {
                    backslashes++;
                    continue;
                }
                if (c == '\n' && !triple && quote != '`') {
                    return -1;
                }
                // The quote at a deeper level of escape belongs to the value.
                if (c == quote && backslashes <= escapes) {
                    return i - backslashes;
                }
                backslashes = 0;
            }
            return -1;
        }

        /// A text that was cut off within a value.
        private @Nullable Span cut(int from) {
            int end = from;
            while (end < text.length() && text.charAt(end) != '\n') {
                end++;
            }
            boolean wholeRest = end == text.length();
            int bare = bareEnd(from);
            return checked(from, wholeRest && quotedName ? end : bare, true);
        }

        private @Nullable Span escapedQuote(String quote) {
            int from = at + quote.length();
            int end = text.indexOf(quote, from);
            return checked(from, end < 0 ? bareEnd(from) : end, true);
        }

        private @Nullable Span bare(int depth) {
            boolean cookie = rule.detector().equals(SecretNames.COOKIE);
            int end = cookie ? cookieEnd() : bareEnd(at);
            if (rule.detector().equals(SecretNames.AUTHORIZATION)
                    || rule.detector().equals(SecretNames.TOKEN)) {
                int scheme = scheme(at, end);
                if (scheme > 0) {
                    at = scheme;
                    end = bareEnd(at);
                    strong = true;
                }
            }
            // A link or emphasis of Markdown
            if (!strong && text.startsWith("**", at) && end > at + 4) {
                at += 2;
                end = text.startsWith("**", end - 2) ? end - 2 : end;
            }
            if (end <= at || !strong && text.charAt(at) == '[' && marker.end(text, at) < 0) {
                return null;
            }
            if (quotedName && isJsonLiteral(at, end)) {
                return null;
            }
            if (end - at > LONGEST_JUDGED) {
                return new Span(at, end, rule.detector());
            }
            String value = text.substring(at, end);
            // password: str = "x"
            if (depth == 0 && !strong && isTypeWord(value)) {
                int p = end;
                while (p < text.length() && text.charAt(p) == ' ') {
                    p++;
                }
                boolean assigned =
                        p + 1 < text.length() && text.charAt(p) == '=' && text.charAt(p + 1) != '=';
                if (!assigned) {
                    return null;
                }
                at = p + 1;
                strong = true;
                skipBlanks(false);
                return value(1);
            }
            if (compared && value.chars().allMatch(Character::isLetter)
                    || SecretValues.isCode(text, at, end, name, inProgram)
                    || !strong && spaced && SecretValues.isProse(value)
                    || !strong && SecretValues.isType(text, at, end)) {
                return null;
            }
            return checked(at, end, false);
        }

        private boolean isTypeWord(String value) {
            return SecretValues.isPlaceholder(value)
                    || value.startsWith("Optional[")
                    || SecretValues.isType(text, at, at + value.length());
        }

        /// Start of what follows a scheme such as `Bearer`; 0 when there is none.
        private int scheme(int from, int end) {
            if (end >= text.length() || end - from > 10) {
                return 0;
            }
            String word = text.substring(from, end).toLowerCase(java.util.Locale.ROOT);
            if (!SCHEMES.contains(word)) {
                return 0;
            }
            int next = end;
            if (text.startsWith("%20", end)) {
                return end + 3;
            }
            while (next < text.length()
                    && (text.charAt(next) == ' ' || encoded && text.charAt(next) == '+')) {
                next++;
            }
            return next > end && next < text.length() && !isQuote(text.charAt(next)) ? next : 0;
        }

        private int cookieEnd() {
            int equals = -1;
            for (int i = at; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\n' || c == '\r' || isQuote(c) || c == '\\' || c == '<') {
                    return equals > 0 ? i : at;
                }
                if (c == '=' && equals < 0) {
                    equals = i;
                }
                if (equals < 0 && (c == ' ' || i - at > LONGEST_JUDGED)) {
                    return at;
                }
            }
            return equals > 0 ? text.length() : at;
        }

        private boolean isJsonLiteral(int from, int end) {
            char first = text.charAt(from);
            if (first == '{' || first == '[' || first == '-' && end - from > 1) {
                return true;
            }
            for (int i = from; i < end; i++) {
                if ("0123456789.eE+-".indexOf(text.charAt(i)) < 0) {
                    return false;
                }
            }
            return true;
        }

        /// End of a value without quotes.
        private int bareEnd(int from) {
            int depth = 0;
            int i = from;
            int known = i < text.length() ? marker.end(text, i) : -1;
            i = known > 0 ? known : i;
            for (; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c <= ' ' || isQuote(c) || ",;&<>\\".indexOf(c) >= 0 || c == '\u00a0') {
                    break;
                }
                if (c == '(' || c == '[' || c == '{') {
                    depth++;
                } else if (c == ')' || c == ']' || c == '}') {
                    if (depth == 0) {
                        break;
                    }
                    depth--;
                } else if (encoded && c == '%' && isEncodedEnd(i)) {
                    break;
                }
            }
            boolean sentence =
                    i - from > 1
                            && (text.charAt(i - 1) == '.' || text.charAt(i - 1) == ':')
                            && (i == text.length() || text.charAt(i) <= ' ');
            return sentence ? i - 1 : i;
        }

        private boolean isEncodedEnd(int at) {
            for (String end :
                    List.of(
                            "%26",
                            "%22", "%2C", "%2c", "%0A", "%0a", "%7D", "%7d", "%20", "%3B", "%3b")) {
                if (text.startsWith(end, at)) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable Span checked(int start, int stop, boolean quoted) {
            int from = start;
            int end = stop;
            while (from < end && text.charAt(from) <= ' ') {
                from++;
            }
            while (end > from && text.charAt(end - 1) <= ' ') {
                end--;
            }
            if (end <= from) {
                return null;
            }
            String detector = rule.detector();
            if (quoted && detector.equals(SecretNames.AUTHORIZATION)) {
                from = behindScheme(from, end);
            }
            if (end - from > LONGEST_JUDGED) {
                return new Span(from, end, detector);
            }
            String value = text.substring(from, end);
            // A private key has a form of its own, over several lines.
            if (marker.is(value)
                    || SecretValues.isPlaceholder(value)
                    || value.startsWith("-----BEGIN")) {
                return null;
            }
            if (rule.likely() && !SecretValues.isLikely(value)
                    || value.startsWith("http://")
                    || value.startsWith("https://")) {
                return null;
            }
            if (detector.equals(SecretNames.TOKEN) && SecretValues.isCounter(value)) {
                return null;
            }
            if (holdsPaths() && SecretValues.isPath(value)) {
                return null;
            }
            return new Span(from, end, detector);
        }

        private boolean holdsPaths() {
            return name.toLowerCase(java.util.Locale.ROOT).endsWith("pwd")
                    || rule.detector().equals(SecretNames.PRIVATE_KEY)
                    || rule.detector().equals(SecretNames.CREDENTIAL);
        }

        private int behindScheme(int from, int end) {
            int blank = text.indexOf(' ', from, end);
            if (blank < 0) {
                return from;
            }
            int scheme = scheme(from, blank);
            return scheme > 0 && scheme < end ? scheme : from;
        }

        private void skipBlanks(boolean lines) {
            int last = Math.min(text.length(), at + LONGEST_GAP);
            while (at < last) {
                char c = text.charAt(at);
                if (c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r')) {
                    at++;
                } else if (lines
                        && c == '\\'
                        && at + 1 < last
                        && "nrt".indexOf(text.charAt(at + 1)) >= 0) {
                    at += 2;
                } else if (encoded && c == '+') {
                    at++;
                } else if (encoded && text.startsWith("%20", at)) {
                    at += 3;
                } else {
                    return;
                }
            }
        }

        private boolean blank(int p) {
            return p < text.length() && (text.charAt(p) == ' ' || text.charAt(p) == '\t');
        }

        private static boolean isQuote(char c) {
            return c == '"' || c == '\'' || c == '`';
        }
    }
}
