package org.agentaudit.ingest.redact;

import java.util.Locale;
import java.util.Set;

/// Tells a secret from what else stands behind a secret's name: counters, references to variables,
/// types, placeholders, words of a sentence.
final class SecretValues {
    /// Numbers with fewer digits are counters when they stand behind `token`.
    private static final int SHORTEST_NUMBER = 9;

    private static final int SHORTEST_LIKELY = 14;
    private static final double LEAST_ENTROPY = 2.8;

    /// Literals of languages and formats, and names of types.
    private static final Set<String> NO_SECRETS =
            Set.of(
                    "null",
                    "none",
                    "nil",
                    "undefined",
                    "true",
                    "false",
                    "yes",
                    "no",
                    "string",
                    "str",
                    "number",
                    "integer",
                    "int",
                    "long",
                    "bool",
                    "boolean",
                    "any",
                    "object",
                    "array",
                    "bytes",
                    "byte",
                    "char",
                    "text",
                    "varchar",
                    "uuid",
                    "optional",
                    "required",
                    "await",
                    "new",
                    "void",
                    "n/a",
                    "na",
                    "nan",
                    "empty",
                    "unset",
                    "include",
                    "omit",
                    "same-origin",
                    "redacted",
                    "hidden",
                    "masked",
                    "ok",
                    "passed",
                    "failed",
                    "missing",
                    "invalid",
                    "expired",
                    "bearer",
                    "basic",
                    "digest",
                    "\u2026",
                    "const",
                    "let",
                    "var",
                    "self",
                    "this");

    /// Words that go on a sentence behind `password:` and the like.
    private static final Set<String> PROSE =
            Set.of(
                    "a",
                    "an",
                    "the",
                    "is",
                    "are",
                    "was",
                    "were",
                    "be",
                    "been",
                    "has",
                    "have",
                    "had",
                    "must",
                    "should",
                    "shall",
                    "can",
                    "could",
                    "may",
                    "might",
                    "will",
                    "would",
                    "do",
                    "does",
                    "did",
                    "not",
                    "to",
                    "of",
                    "in",
                    "on",
                    "at",
                    "by",
                    "for",
                    "from",
                    "with",
                    "without",
                    "and",
                    "or",
                    "but",
                    "if",
                    "when",
                    "while",
                    "then",
                    "that",
                    "this",
                    "these",
                    "those",
                    "it",
                    "its",
                    "they",
                    "their",
                    "we",
                    "our",
                    "you",
                    "your",
                    "he",
                    "she",
                    "his",
                    "her",
                    "i",
                    "my",
                    "as",
                    "so",
                    "please",
                    "enter",
                    "use",
                    "using",
                    "used",
                    "see",
                    "click",
                    "check",
                    "reset",
                    "change",
                    "set",
                    "add",
                    "create",
                    "generate",
                    "get",
                    "make",
                    "keep",
                    "store",
                    "stored",
                    "send",
                    "sent",
                    "read",
                    "found",
                    "how",
                    "what",
                    "why",
                    "where",
                    "which",
                    "who",
                    "only",
                    "also",
                    "all",
                    "any",
                    "each",
                    "every",
                    "some",
                    "there",
                    "here",
                    "just",
                    "at least",
                    "contains",
                    "allows",
                    "requires",
                    "authentication",
                    "based",
                    "provided",
                    "issued",
                    "valid",
                    "try",
                    "verify",
                    "run",
                    "ensure",
                    "let",
                    "because",
                    "since",
                    "after",
                    "before",
                    "now");

    /// Roots of expressions that fetch a value from elsewhere.
    private static final Set<String> ROOTS =
            Set.of(
                    "os",
                    "process",
                    "self",
                    "this",
                    "cls",
                    "config",
                    "conf",
                    "cfg",
                    "settings",
                    "env",
                    "environ",
                    "request",
                    "req",
                    "response",
                    "resp",
                    "res",
                    "args",
                    "argv",
                    "kwargs",
                    "options",
                    "opts",
                    "params",
                    "ctx",
                    "context",
                    "event",
                    "secrets",
                    "vault",
                    "data",
                    "json",
                    "system",
                    "var",
                    "vars",
                    "local",
                    "module",
                    "credentials",
                    "creds",
                    "app",
                    "user",
                    "session",
                    "props",
                    "state",
                    "body",
                    "headers",
                    "header",
                    "form",
                    "input",
                    "payload",
                    "values",
                    "import",
                    "crypto",
                    "github",
                    "steps",
                    "needs",
                    "inputs",
                    "outputs",
                    "parameters",
                    "parser",
                    "base64",
                    "jwt",
                    "auth",
                    "client",
                    "account",
                    "token",
                    "django",
                    "flask",
                    "np",
                    "torch",
                    "tf",
                    "model",
                    "tokenizer",
                    "util",
                    "utils",
                    "string",
                    "math",
                    "random",
                    "uuid",
                    "hashlib",
                    "bcrypt",
                    "keyring",
                    "getpass",
                    "configs");

    private SecretValues() {}

    /// A text that is no secret although a name says so, wherever it stands: empty, a placeholder
    /// or a reference.
    static boolean isPlaceholder(String value) {
        String text = value.strip();
        if (text.isEmpty() || NO_SECRETS.contains(text.toLowerCase(Locale.ROOT))) {
            return true;
        }
        char first = text.charAt(0);
        char last = text.charAt(text.length() - 1);
        if (first == '<'
                && last == '>'
                && text.length() < 80
                && text.indexOf('>') == text.length() - 1) {
            return true;
        }
        if (first == '$' && isReference(text) || text.startsWith("#{")) {
            return true;
        }
        if (first == '{' && last == '}' && isNameOnly(text, 1, text.length() - 1)) {
            return true;
        }
        if (first == '%' && (text.length() == 2 || last == '%' || text.startsWith("%("))) {
            return isNameOnly(text, 1, text.length());
        }
        return isMask(text) || isInvitation(text);
    }

    /// `$TOKEN`, `${TOKEN}`, `$(command`, `${{ secrets.X }}`.
    private static boolean isReference(String text) {
        if (text.length() == 1) {
            return true;
        }
        char second = text.charAt(1);
        if (second == '{' || second == '(') {
            return true;
        }
        return !isDigit(second) && isIdentifier(text, 1, text.length(), true);
    }

    private static boolean isNameOnly(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!Character.isLetter(c) && " _.-{}()%[]'".indexOf(c) < 0) {
                return false;
            }
        }
        return to - from < 60;
    }

    /// One character over and over, as in `*****`.
    private static boolean isMask(String text) {
        char first = text.charAt(0);
        if ("*xX.\u2022-_#?\u2026".indexOf(first) < 0) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) != first) {
                return false;
            }
        }
        return text.length() > 2 || first != 'x' && first != 'X';
    }

    /// `your-api-key`, `YOUR_TOKEN_HERE`.
    private static boolean isInvitation(String text) {
        if (text.length() > 40 || !text.regionMatches(true, 0, "your", 0, 4)) {
            return false;
        }
        for (int i = 4; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isLetter(c) && c != '_' && c != '-' && c != ' ') {
                return false;
            }
        }
        return text.length() > 4 && !Character.isLetter(text.charAt(4));
    }

    /// A number, percentage, share or range; long digit runs are none.
    static boolean isCounter(String value) {
        int digits = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isDigit(c)) {
                digits++;
            } else if (".,%/~+-kKmM".indexOf(c) < 0) {
                return false;
            }
        }
        return digits > 0 && digits < SHORTEST_NUMBER;
    }

    /// Random enough to be a key: long, of one piece, with letters and digits.
    static boolean isLikely(String value) {
        if (value.length() < SHORTEST_LIKELY || value.length() > 400) {
            return false;
        }
        int digits = 0;
        int letters = 0;
        int[] counts = new int[128];
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 128 || c <= ' ') {
                return false;
            }
            counts[c]++;
            if (isDigit(c)) {
                digits++;
            } else if (Character.isLetter(c)) {
                letters++;
            } else if ("_-=.+/~:%".indexOf(c) < 0) {
                return false;
            }
        }
        if (digits < 2 || letters < 2 || value.contains("://") || value.startsWith("/")) {
            return false;
        }
        double entropy = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / value.length();
                entropy -= share * Math.log(share) / Math.log(2);
            }
        }
        return entropy >= LEAST_ENTROPY;
    }

    /// A bare value (no quotes around it) that is code: a call, an element, an expression.
    ///
    /// @param text the whole text
    /// @param to     end of the value in it
    /// @param spaced blanks stand around the sign of assignment, as in a program
    static boolean isCode(String text, int from, int to, String name, boolean spaced) {
        int end = from;
        while (end < to && isNamePart(text.charAt(end)) || end < to && text.charAt(end) == '.') {
            end++;
        }
        char after = end < text.length() ? text.charAt(end) : ' ';
        boolean identifier = end > from && isIdentifier(text, from, end, true);
        if (identifier && (after == '(' || after == '[')) {
            return true;
        }
        if (!identifier || end < to && after != ')') {
            return false;
        }
        int dot = text.indexOf('.', from, end);
        if (dot > from && dot < end - 1) {
            return ROOTS.contains(text.substring(from, dot).toLowerCase(Locale.ROOT))
                    || spaced && noDigit(text, from, end);
        }
        String value = text.substring(from, end);
        return SecretNames.segments(value).equals(SecretNames.segments(name));
    }

    private static boolean noDigit(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// Behind `name: `, a name of a type: capitalised, and then the end of a parameter or member.
    static boolean isType(String text, int from, int to) {
        if (!Character.isUpperCase(text.charAt(from))) {
            return false;
        }
        boolean lower = false;
        for (int i = from; i < to; i++) {
            if (!Character.isLetter(text.charAt(i))) {
                return false;
            }
            lower |= Character.isLowerCase(text.charAt(i));
        }
        int next = to;
        while (next < text.length() && text.charAt(next) == ' ') {
            next++;
        }
        return lower
                && next < text.length()
                && (",)=|?>".indexOf(text.charAt(next)) >= 0 || text.charAt(next) == ';');
    }

    static boolean isProse(String value) {
        return PROSE.contains(value.toLowerCase(Locale.ROOT));
    }

    /// Where a file is, not what is in it.
    static boolean isPath(String value) {
        boolean start =
                value.startsWith("/")
                        || value.startsWith("./")
                        || value.startsWith("../")
                        || value.startsWith("~/")
                        || value.length() > 2 && value.charAt(1) == ':' && value.charAt(2) == '\\';
        return start && value.chars().noneMatch(c -> c == '+' || c == '=' || c == '\n');
    }

    private static boolean isIdentifier(String text, int from, int to, boolean dots) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(isNamePart(c) || dots && c == '.' && i > from)) {
                return false;
            }
        }
        return from < to && !isDigit(text.charAt(from));
    }

    private static boolean isNamePart(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '_');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
