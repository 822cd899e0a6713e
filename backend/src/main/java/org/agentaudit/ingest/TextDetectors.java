package org.agentaudit.ingest;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds secrets in free text and replaces them, and nothing beside them (B-001-11). Each detector
/// has words that must stand where it looks, so that text without them costs one pass; its pattern
/// is then tried at that place only. RE2 patterns: linear time whatever the text.
final class TextDetectors {
    static final String REPLACEMENT = "[REDACTED]";

    private static final String VALUE =
            "(?:\"([^\"\\n]*)\"|'([^'\\n]*)'|\\\\+\"([^\"\\\\\\n]*)|([^\\s\"'\\\\,;&<>(){}\\[\\]]+))";
    private static final String ASSIGNED = "[\"'\\\\]*\\s*[=:]\\s*" + VALUE;

    private static final List<Detector> DETECTORS =
            List.of(
                    new Detector(
                            "private_key",
                            List.of("-----begin "),
                            "-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
                                    + "(?s:.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|.*)",
                            Kind.WHOLE),
                    new Detector(
                            "password",
                            List.of("passw"),
                            "(?i)passw(?:or)?d" + ASSIGNED,
                            Kind.ASSIGNED),
                    new Detector(
                            "api_key",
                            List.of("apikey", "api_key", "api-key"),
                            "(?i)api[_-]?key" + ASSIGNED,
                            Kind.ASSIGNED),
                    new Detector(
                            "secret",
                            List.of("secret"),
                            "(?i)secret(?:[_-]?(?:access[_-]?)?key)?" + ASSIGNED,
                            Kind.ASSIGNED),
                    new Detector("token", List.of("token"), "(?i)token" + ASSIGNED, Kind.ASSIGNED),
                    new Detector(
                            "authorization",
                            List.of("authorization"),
                            "(?i)authorization[\"'\\\\]*\\s*[=:]\\s*[\"'\\\\]*"
                                    + "(?:(?:basic|bearer|token)\\s+)?([^\\s\"'\\\\,;&<>]+)",
                            Kind.GROUP),
                    new Detector(
                            "bearer",
                            List.of("bearer "),
                            "(?i)bearer\\s+([A-Za-z0-9._~+/=-]{16,})",
                            Kind.GROUP),
                    new Detector(
                            "command_line",
                            List.of(
                                    "--token ",
                                    "--password ",
                                    "--passwd ",
                                    "--secret ",
                                    "--api-key ",
                                    "--api_key ",
                                    "--access-token "),
                            "--[A-Za-z_-]+\\s+(?:\"([^\"\\n]*)\"|'([^'\\n]*)'|([^\\s\"'\\\\-][^\\s\"'\\\\]*))",
                            Kind.ASSIGNED),
                    new Detector(
                            "url_userinfo",
                            List.of("://"),
                            "://[^\\s:/@\"'<>\\\\]*:([^\\s/@\"'<>\\\\]+)@",
                            Kind.GROUP),
                    new Detector(
                            "provider_key",
                            List.of(
                                    "sk-",
                                    "akia",
                                    "asia",
                                    "ghp_",
                                    "gho_",
                                    "ghu_",
                                    "ghs_",
                                    "ghr_",
                                    "github_pat_",
                                    "xox",
                                    "aiza",
                                    "sk_live_",
                                    "sk_test_",
                                    "rk_live_",
                                    "rk_test_",
                                    "glpat-",
                                    "hf_",
                                    "npm_",
                                    "aap_"),
                            "sk-(?:ant-|proj-|svcacct-|or-)[A-Za-z0-9_-]{16,}|sk-[A-Za-z0-9]{20,}"
                                    + "|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}"
                                    + "|github_pat_[A-Za-z0-9_]{20,}|xox[abeoprs]-[A-Za-z0-9-]{10,}"
                                    + "|AIza[0-9A-Za-z_-]{35}|[sr]k_(?:live|test)_[0-9A-Za-z]{16,}"
                                    + "|glpat-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}"
                                    + "|npm_[A-Za-z0-9]{30,}|aap_[A-Za-z0-9_-]{16,}",
                            Kind.WORD),
                    new Detector(
                            "jwt",
                            List.of("eyj"),
                            "eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*",
                            Kind.WORD));

    /// Words that are no secrets though they stand behind `token =`: code, templates, placeholders.
    private static final Set<String> NO_SECRETS =
            Set.of(
                    "null",
                    "none",
                    "nil",
                    "undefined",
                    "true",
                    "false",
                    "string",
                    "str",
                    "number",
                    "int",
                    "bool",
                    "boolean",
                    "any",
                    "object",
                    "optional",
                    "required",
                    "await",
                    "new",
                    "os.environ",
                    "process.env",
                    "...");

    private static final boolean[] STARTS = starts();

    private TextDetectors() {}

    /// The text without its secrets; the same object when it has none.
    ///
    /// @param found told the name of each detector that fired
    static String redact(String text, Consumer<String> found) {
        StringBuilder out = null;
        int kept = 0;
        int last = text.length() - 2;
        for (int i = 0; i < last; i++) {
            if (!STARTS[bucket(text.charAt(i), text.charAt(i + 1))]) {
                continue;
            }
            Span secret = at(text, i);
            if (secret == null) {
                continue;
            }
            found.accept(secret.detector);
            out = out == null ? new StringBuilder(text.length()) : out;
            out.append(text, kept, secret.from).append(REPLACEMENT);
            kept = secret.to;
            i = Math.max(i, secret.to - 1);
        }
        return out == null ? text : out.append(text, kept, text.length()).toString();
    }

    private static @Nullable Span at(String text, int at) {
        for (Detector detector : DETECTORS) {
            for (String word : detector.words) {
                if (text.regionMatches(true, at, word, 0, word.length())) {
                    Span secret = detector.find(text, at);
                    if (secret != null) {
                        return secret;
                    }
                    break;
                }
            }
        }
        return null;
    }

    private static int bucket(char first, char second) {
        return (first & 31) << 5 | second & 31;
    }

    private static boolean[] starts() {
        boolean[] starts = new boolean[1024];
        for (Detector detector : DETECTORS) {
            for (String word : detector.words) {
                starts[bucket(word.charAt(0), word.charAt(1))] = true;
            }
        }
        return starts;
    }

    /// Where a secret stands in a text.
    private record Span(String detector, int from, int to) {}

    private enum Kind {
        /// All that the pattern matches is the secret.
        WHOLE,
        /// The same, but only at the start of a word.
        WORD,
        /// The first group is the secret.
        GROUP,
        /// The group that matched is the secret, unless it is a counter or code.
        ASSIGNED
    }

    private static final class Detector {
        private final String name;
        private final List<String> words;
        private final Pattern pattern;
        private final Kind kind;

        Detector(String name, List<String> words, String pattern, Kind kind) {
            this.name = name;
            this.words = words;
            // Without the anchor a pattern that fails at its place reads the text to its end, for
            // every place.
            this.pattern = Pattern.compile("^(?:" + pattern + ")");
            this.kind = kind;
        }

        @Nullable Span find(String text, int at) {
            if (kind == Kind.WORD && at > 0 && Character.isLetterOrDigit(text.charAt(at - 1))) {
                return null;
            }
            Matcher matcher = pattern.matcher(CharBuffer.wrap(text, at, text.length()));
            if (!matcher.lookingAt()) {
                return null;
            }
            return switch (kind) {
                case WHOLE, WORD -> new Span(name, at, at + matcher.end());
                case GROUP -> span(at, matcher.start(1), matcher.end(1), text);
                case ASSIGNED -> {
                    for (int group = 1; group <= matcher.groupCount(); group++) {
                        if (matcher.start(group) >= 0) {
                            int from = at + matcher.start(group);
                            int to = at + matcher.end(group);
                            yield isSecret(text, from, to) ? span(0, from, to, text) : null;
                        }
                    }
                    yield null;
                }
            };
        }

        private @Nullable Span span(int at, int from, int to, String text) {
            boolean done = from == to || text.startsWith(REPLACEMENT, at + from);
            return done ? null : new Span(name, at + from, at + to);
        }

        private boolean isSecret(String text, int from, int to) {
            if (from == to || text.startsWith(REPLACEMENT, from)) {
                return false;
            }
            char first = text.charAt(from);
            if (first == '$' || first == '%' || first == '{' || first == '[' || first == '*') {
                return false;
            }
            if (to < text.length() && text.charAt(to) == '(') {
                return false;
            }
            String value = text.substring(from, Math.min(to, from + 40));
            if (NO_SECRETS.contains(value.toLowerCase(Locale.ROOT))) {
                return false;
            }
            return name.equals("password") || !isNumber(value);
        }

        private static boolean isNumber(String value) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < '0' || c > '9') && c != '.' && c != ',' && c != '%') {
                    return false;
                }
            }
            return true;
        }
    }
}
