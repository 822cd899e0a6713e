package org.agentaudit.query;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The explorer's filters as one line: words such as `agent:ops/*`, `type:TOOL_CALL` or
/// `tool:"send mail"`, a field given twice for either value, and plain words that events contain.
/// What it reads are the parameters of an [EventSearch], so both forms say the same.
final class EventQueryText {

    static final int MAXIMUM_LENGTH = 2_000;

    private static final String TEXT = "text";

    /// Fields by name; several may stand for one parameter, the first of them is written.
    private static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("agent", "agent");
        FIELDS.put("type", "type");
        FIELDS.put("tool", "action");
        FIELDS.put("action", "action");
        FIELDS.put("status", "outcome");
        FIELDS.put("outcome", "outcome");
        FIELDS.put("errored", "errored");
        FIELDS.put("error", "errorType");
        FIELDS.put("model", "model");
        FIELDS.put("trace", "trace");
        FIELDS.put("session", "session");
        FIELDS.put("task", "task");
        FIELDS.put("user", "user");
        FIELDS.put(TEXT, TEXT);
        FIELDS.put("from", "from");
        FIELDS.put("to", "to");
    }

    /// Where the text cannot be understood.
    ///
    /// @param at     first character, counted from 0
    /// @param length number of characters
    record Problem(int at, int length, String message) {}

    /// @param parameters as of the explorer's address; of what was read up to a problem
    record Parsed(Map<String, List<String>> parameters, @Nullable Problem problem) {}

    private final String text;
    private final Map<String, List<String>> parameters = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();
    private int at;
    private @Nullable Problem problem;

    private EventQueryText(String text) {
        this.text = text;
    }

    static Parsed parse(String text) {
        EventQueryText reader = new EventQueryText(text);
        reader.read();
        return new Parsed(reader.parameters, reader.problem);
    }

    /// Names of fields, for completion.
    static List<String> fields() {
        return List.copyOf(FIELDS.keySet());
    }

    /// The text that is read as these parameters; times are left out, they have a place of their
    /// own.
    static String of(EventSearch search) {
        List<String> parts = new ArrayList<>();
        search.address()
                .forEach(
                        (name, values) -> {
                            if (!name.equals("from") && !name.equals("to")) {
                                values.forEach(value -> parts.add(part(name, value)));
                            }
                        });
        return String.join(" ", parts);
    }

    private static String part(String name, String value) {
        if (name.equals(TEXT) && !value.contains("\"") && !value.contains(":")) {
            return value;
        }
        String field =
                FIELDS.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(name))
                        .findFirst()
                        .map(Map.Entry::getKey)
                        .orElse(name);
        boolean plain = value.chars().noneMatch(c -> Character.isWhitespace(c) || c == '"');
        return field + ":" + (plain ? value : quoted(value));
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private void read() {
        if (text.length() > MAXIMUM_LENGTH) {
            problem =
                    new Problem(
                            MAXIMUM_LENGTH,
                            text.length() - MAXIMUM_LENGTH,
                            "A query has at most " + MAXIMUM_LENGTH + " characters.");
            return;
        }
        while (problem == null) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                break;
            }
            word();
        }
        if (!words.isEmpty()) {
            parameters.merge(
                    TEXT,
                    List.of(String.join(" ", words)),
                    (typed, plain) -> List.of(typed.getFirst() + " " + plain.getFirst()));
        }
    }

    private void word() {
        int start = at;
        int colon = at;
        while (colon < text.length() && Character.isLetter(text.charAt(colon))) {
            colon++;
        }
        if (colon == start || colon == text.length() || text.charAt(colon) != ':') {
            words.add(value());
            return;
        }
        String field = text.substring(start, colon).toLowerCase(Locale.ROOT);
        String parameter = FIELDS.get(field);
        if (parameter == null) {
            problem =
                    new Problem(
                            start,
                            colon - start,
                            "there is no field of this name; there are %s. Put quotes around words that hold a colon."
                                    .formatted(String.join(", ", FIELDS.keySet())));
            return;
        }
        at = colon + 1;
        String value = value();
        if (problem == null) {
            put(parameter, value, start);
        }
    }

    private void put(String parameter, String value, int start) {
        if (value.isBlank()) {
            problem = new Problem(start, at - start, "a value is missing after the colon.");
            return;
        }
        List<String> values = new ArrayList<>(parameters.getOrDefault(parameter, List.of()));
        if (!values.isEmpty() && EventSearch.SINGLE.contains(parameter)) {
            problem = new Problem(start, at - start, "this field can be given once.");
            return;
        }
        try {
            EventSearch.of(Map.of(parameter, List.of(value))).filter(ZoneOffset.UTC);
        } catch (BadInputException e) {
            problem = new Problem(start, at - start, String.valueOf(e.getMessage()));
            return;
        }
        values.add(value);
        parameters.put(parameter, values);
    }

    /// A value in quotes (`\"` and `\\` inside them), or up to the next blank.
    private String value() {
        int start = at;
        if (at == text.length() || text.charAt(at) != '"') {
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            return text.substring(start, at);
        }
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                value.append(text.charAt(at));
            } else {
                value.append(c);
            }
        }
        problem = new Problem(start, text.length() - start, "this quotation does not end.");
        return value.toString();
    }
}
