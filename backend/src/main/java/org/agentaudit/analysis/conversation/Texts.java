package org.agentaudit.analysis.conversation;

import com.google.re2j.Pattern;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads texts of events: JSON strings as the text they hold, at most [#READ] characters.
public final class Texts {

    /// Characters of a text that are read.
    static final int READ = 4_000;

    private static final int SHORT = 300;

    /// How a program that failed begins its output: a status that is not 0, or the trace of an
    /// exception. What stands further down may be quoted.
    private static final Pattern FAILURE =
            Pattern.compile(
                    "\\A\\s*(?:\\[?(?i:exit ?code|exit status|returned? code)[:=]? ?-?[1-9][0-9]*"
                            + "|Traceback \\(most recent call last\\)"
                            + "|(?:[A-Za-z_.]+)?(?:Error|Exception): )");

    /// The line in which runners of code state success, before what the program wrote.
    private static final Pattern SUCCESS_LINE =
            Pattern.compile(
                    "\\A\\s*(?i:exit ?code|exit status)[:=]? ?0[^\\n]*\\n?(?:Code output:)?");

    private static final Pattern NOTHING =
            Pattern.compile(
                    "(?i)\\b(?:not found|no (?:results?|data|match(?:es)?|information|such)|none"
                            + "|could not|unable to|cannot|access denied|forbidden|error|failed)\\b");

    private Texts() {}

    /// The text that a JSON value holds: of a string its characters, of anything else its JSON.
    ///
    /// @param json null gives an empty text; may have been cut
    public static String plain(@Nullable String json) {
        if (json == null) {
            return "";
        }
        if (json.isEmpty() || json.charAt(0) != '"') {
            return json.substring(0, Math.min(json.length(), READ));
        }
        StringBuilder text = new StringBuilder(Math.min(json.length(), READ));
        for (int i = 1; i < json.length() && text.length() < READ; i++) {
            char c = json.charAt(i);
            if (c == '"') {
                break;
            }
            if (c != '\\' || i + 1 == json.length()) {
                text.append(c);
                continue;
            }
            char escaped = json.charAt(++i);
            if (escaped == 'u' && i + 4 < json.length()) {
                text.append(character(json, i + 1));
                i += 4;
            } else {
                text.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            case 'b', 'f' -> ' ';
                            default -> escaped;
                        });
            }
        }
        return text.toString();
    }

    /// The strings within a JSON value, one after the other: of `{"task": "Sum up"}` the task.
    static String strings(String json) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < json.length() && text.length() < READ; i++) {
            if (json.charAt(i) != '"') {
                continue;
            }
            int end = end(json, i + 1);
            int next = end + 1;
            while (next < json.length() && json.charAt(next) == ' ') {
                next++;
            }
            boolean name = next < json.length() && json.charAt(next) == ':';
            if (!name) {
                text.append(plain(json.substring(i, Math.min(end + 1, json.length()))))
                        .append('\n');
            }
            i = end;
        }
        return text.toString().strip();
    }

    /// Where the string that begins at `from` is closed, or the end of the text.
    private static int end(String json, int from) {
        int i = from;
        while (i < json.length() && json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, json.length());
    }

    private static char character(String json, int at) {
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            code = code * 16 + Math.max(0, Character.digit(json.charAt(i), 16));
        }
        return (char) code;
    }

    /// Whether a result reads as that of a program that failed.
    public static boolean readsAsFailure(String result) {
        return FAILURE.matcher(result).find();
    }

    /// Whether a result holds nothing, or shortly says that nothing was found.
    static boolean readsAsNothing(String result) {
        String output = SUCCESS_LINE.matcher(result).replaceFirst("").strip();
        return switch (output.toLowerCase(Locale.ROOT)) {
            case "", "[]", "{}", "none", "null", "\"\"" -> true;
            default -> output.length() < SHORT && NOTHING.matcher(output).find();
        };
    }
}
