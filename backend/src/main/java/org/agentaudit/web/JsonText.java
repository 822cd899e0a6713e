package org.agentaudit.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// JSON of an event for a page: indented, folded when it is long.
///
/// @param text     indented; text that is no JSON as it is
/// @param folded   long enough to be shown only when asked for
/// @param sentence what the fold hides: kind, number of members, size
public record JsonText(String text, boolean folded, String sentence) {

    /// Lines and characters that are shown without a fold.
    private static final int LINES = 14;

    private static final int CHARACTERS = 1200;
    private static final Pattern REMOVED =
            Pattern.compile("\\[(?:MASKED|REDACTED(?::[A-Za-z0-9_.-]{1,80})?)]");
    private static final ObjectMapper READER = new ObjectMapper();

    /// A piece of a text.
    ///
    /// @param removed it stands for something taken out
    public record Part(String text, boolean removed) {}

    static JsonText of(String json, Format format) {
        String text = format.json(json);
        String kind = "Text";
        try {
            JsonNode tree = READER.readTree(json);
            if (tree.isObject()) {
                kind = "Object, " + format.count(tree.size(), "member", "members");
            } else if (tree.isArray()) {
                kind = "Array, " + format.count(tree.size(), "item", "items");
            }
        } catch (JsonProcessingException notJson) {
            kind = "Text that is no JSON";
        }
        boolean folded =
                text.length() > CHARACTERS || text.lines().limit(LINES + 1L).count() > LINES;
        return new JsonText(
                text,
                folded,
                kind + ", " + size(text.getBytes(StandardCharsets.UTF_8).length, format));
    }

    private static String size(long bytes, Format format) {
        return bytes < 1000
                ? format.count(bytes, "byte", "bytes")
                : format.decimal(bytes / 1000.0) + "\u00a0kB";
    }

    /// The text in pieces, so that what redaction or masking took out can be shown as such.
    static List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher removed = REMOVED.matcher(text);
        int from = 0;
        while (removed.find()) {
            if (removed.start() > from) {
                parts.add(new Part(text.substring(from, removed.start()), false));
            }
            parts.add(new Part(removed.group(), true));
            from = removed.end();
        }
        if (from < text.length() || parts.isEmpty()) {
            parts.add(new Part(text.substring(from), false));
        }
        return parts;
    }
}
