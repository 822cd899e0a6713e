package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.redact.TextRewriter;
import org.jspecify.annotations.Nullable;

/// Keeps of file contents the size, of query results the number of rows, of shell output head and
/// tail (001, H1). Runs on what any shape was decoded to, after redaction and before anything is
/// shortened, and after the digest, so that a resent event is still the same. What it replaces was
/// no secret: reports do not count it among the redactions. No hash of the content is kept, since a
/// hash of short content gives it away.
@Singleton
final class Minimiser {
    /// A result of one line up to this length is a summary, such as `ok`.
    private static final int LONGEST_SUMMARY = 200;

    private static final ObjectMapper JSON = new ObjectMapper();

    /// Members of coding agents' file tools that hold contents; everything else stays.
    private static final Set<String> CONTENT =
            Set.of(
                    "content",
                    "old_string",
                    "new_string",
                    "oldString",
                    "newString",
                    "old_str",
                    "new_str",
                    "new_source",
                    "old_source",
                    "file_text",
                    "originalFile",
                    "original_file",
                    "updated_file",
                    "lines",
                    "base64");

    private static final Set<String> OUTPUT =
            Set.of("stdout", "stderr", "output", "content", "text", "result", "output_preview");

    private static final Set<String> TEXT = Set.of("text", "output_preview");

    private static final Set<String> ROWS = Set.of("rows", "records", "results", "data");

    private final MinimisationConfig config;

    Minimiser(MinimisationConfig config) {
        this.config = config;
    }

    /// Replaces what is not to be kept. Nodes that the draft shares with the line are not changed.
    ///
    /// @return the places in the event's own parts (`/params/content`, `/result`), in order
    List<Redaction> minimise(EventDraft draft) {
        String tool = draft.action;
        if (tool == null) {
            return List.of();
        }
        Work work = new Work();
        if (config.fileTools().contains(tool)) {
            draft.params = work.part("params", draft.params, CONTENT, this::size, null);
            draft.result =
                    work.part("result", draft.result, CONTENT, this::size, this::unlessSummary);
            draft.unmapped = work.unmapped(draft.unmapped, CONTENT, this::size);
        } else if (config.queryTools().contains(tool)) {
            draft.result = work.part("result", draft.result, ROWS, this::rows, this::rowsOfText);
            draft.unmapped = work.unmapped(draft.unmapped, ROWS, this::rows);
        } else if (config.shellTools().contains(tool)) {
            draft.result = work.part("result", draft.result, OUTPUT, this::ends, this::ends);
            draft.unmapped = work.unmapped(draft.unmapped, Set.of("stdout", "stderr"), this::ends);
        }
        return List.copyOf(work.places);
    }

    private JsonNode size(JsonNode content) {
        if (content.isTextual()) {
            return sizeOf(content.textValue());
        }
        if (content instanceof ArrayNode lines && isTexts(lines)) {
            int characters = 0;
            for (JsonNode line : lines) {
                characters += line.textValue().length() + 1;
            }
            return marker(characters + " characters, " + lines.size() + " lines");
        }
        return content;
    }

    private static boolean isTexts(ArrayNode array) {
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return !array.isEmpty();
    }

    private static JsonNode sizeOf(String text) {
        long lines = text.isEmpty() ? 0 : text.chars().filter(c -> c == '\n').count() + 1;
        return marker(text.length() + " characters, " + lines + (lines == 1 ? " line" : " lines"));
    }

    private JsonNode unlessSummary(JsonNode text) {
        String value = text.textValue();
        boolean summary = value.length() <= LONGEST_SUMMARY && value.indexOf('\n') < 0;
        return summary ? text : sizeOf(value);
    }

    private JsonNode rows(JsonNode value) {
        return value instanceof ArrayNode rows && !rows.isEmpty() ? rowCount(rows) : value;
    }

    private JsonNode rowsOfText(JsonNode text) {
        String value = text.textValue().strip();
        if (value.startsWith("[")) {
            try {
                return rows(JSON.readTree(value)) instanceof TextNode count ? count : text;
            } catch (JsonProcessingException e) {
                // A list that is cut off has no countable rows.
                return unlessSummary(text);
            }
        }
        return unlessSummary(text);
    }

    private static JsonNode rowCount(ArrayNode rows) {
        return marker(rows.size() == 1 ? "1 row" : rows.size() + " rows");
    }

    private JsonNode ends(JsonNode output) {
        if (!output.isTextual()) {
            return output;
        }
        String text = output.textValue();
        String cut = TextShortener.cut(text, config.shellHead(), config.shellTail());
        return cut.length() < text.length() ? TextNode.valueOf(cut) : output;
    }

    private static JsonNode marker(String measure) {
        return TextNode.valueOf("[MINIMISED: " + measure + "]");
    }

    /// The places found in one event.
    private static final class Work {
        private final List<Redaction> places = new ArrayList<>();
        private final Deque<String> path = new ArrayDeque<>();

        /// @param members  names whose values are replaced, at any depth
        /// @param whole    what to do with a part that is a text, or a list of texts; null: nothing
        @Nullable JsonNode part(
                String name,
                @Nullable JsonNode part,
                Set<String> members,
                UnaryOperator<JsonNode> replace,
                @Nullable UnaryOperator<JsonNode> whole) {
            if (part == null) {
                return null;
            }
            path.addLast(name);
            JsonNode after = whole == null ? part : top(part, members, replace, whole);
            if (after == part && part.isContainerNode()) {
                after = inside(part, members, replace, whole);
            }
            path.removeLast();
            return after;
        }

        @Nullable ObjectNode unmapped(
                @Nullable ObjectNode unmapped,
                Set<String> members,
                UnaryOperator<JsonNode> replace) {
            return part("unmapped", unmapped, members, replace, null) instanceof ObjectNode object
                    ? object
                    : null;
        }

        private JsonNode top(
                JsonNode part,
                Set<String> members,
                UnaryOperator<JsonNode> replace,
                UnaryOperator<JsonNode> whole) {
            if (part.isTextual()) {
                return replaced(part, whole);
            }
            // Rows without a name around them.
            return part.isArray() && members == ROWS ? replaced(part, replace) : part;
        }

        private JsonNode inside(
                JsonNode value,
                Set<String> members,
                UnaryOperator<JsonNode> replace,
                @Nullable UnaryOperator<JsonNode> whole) {
            if (value instanceof ArrayNode array) {
                ArrayNode copy = array.arrayNode(array.size());
                boolean changed = false;
                for (int i = 0; i < array.size(); i++) {
                    path.addLast(Integer.toString(i));
                    JsonNode after = inside(array.get(i), members, replace, whole);
                    path.removeLast();
                    changed |= after != array.get(i);
                    copy.add(after);
                }
                return changed ? copy : array;
            }
            if (!(value instanceof ObjectNode object)) {
                return value;
            }
            ObjectNode copy = object.objectNode();
            boolean changed = false;
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                JsonNode before = entry.getValue();
                path.addLast(entry.getKey());
                JsonNode after =
                        members.contains(entry.getKey()) ? replaced(before, replace) : before;
                if (after == before
                        && whole != null
                        && before.isTextual()
                        && TEXT.contains(entry.getKey())) {
                    after = replaced(before, whole);
                }
                if (after == before) {
                    after = inside(before, members, replace, whole);
                }
                path.removeLast();
                changed |= after != before;
                copy.set(entry.getKey(), after);
            }
            return changed ? copy : object;
        }

        private JsonNode replaced(JsonNode value, UnaryOperator<JsonNode> replace) {
            JsonNode after = replace.apply(value);
            if (after != value) {
                places.add(new Redaction(TextRewriter.pointer(path), Redaction.MINIMISED));
            }
            return after;
        }
    }
}
