package org.agentaudit.ingest.redact;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Redacts a text that is itself JSON by its structure, so that names decide as they do outside and
/// the text stays JSON. Only the texts that hold secrets are written anew; everything between them
/// stays as it is.
final class JsonText {
    private static final ObjectMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private final RedactionRules rules;

    JsonText(RedactionRules rules) {
        this.rules = rules;
    }

    /// Starts and ends as an object or array does.
    static boolean mayBe(String text) {
        int from = 0;
        int to = text.length() - 1;
        while (from < to && text.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && text.charAt(to) <= ' ') {
            to--;
        }
        return from < to
                && (text.charAt(from) == '{' && text.charAt(to) == '}'
                        || text.charAt(from) == '[' && text.charAt(to) == ']');
    }

    /// Null when the text is no JSON, or has a member twice.
    @Nullable String redact(String text, Consumer<String> found) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            // Not JSON after all: the text is read as what it is.
            return null;
        }
        if (!tree.isContainerNode()) {
            return null;
        }
        Collector collector = new Collector(rules, found);
        collector.rewrite(tree);
        return collector.changed ? written(text, collector.texts) : text;
    }

    private static String written(String text, List<@Nullable String> texts) {
        StringBuilder out = new StringBuilder(text.length());
        int kept = 0;
        int number = 0;
        try (JsonParser parser = JSON.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token != JsonToken.VALUE_STRING && token != JsonToken.FIELD_NAME) {
                    continue;
                }
                String after = texts.get(number++);
                if (after == null) {
                    continue;
                }
                int from = (int) parser.currentTokenLocation().getCharOffset();
                int to = from + lengthOf(text, from);
                out.append(text, kept, from)
                        .append('"')
                        .append(JsonStringEncoder.getInstance().quoteAsString(after))
                        .append('"');
                kept = to;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a text that was read once cannot be read again", e);
        }
        return out.append(text, kept, text.length()).toString();
    }

    /// Length of the JSON string that starts at `from`, its quotes included.
    private static int lengthOf(String text, int from) {
        for (int i = from + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                return i + 1 - from;
            }
        }
        throw new IllegalStateException("a string without an end");
    }

    /// What every name and text becomes, in the order written; null where it stays.
    private static final class Collector extends TextRewriter {
        private final RedactionRules rules;
        private final Structure structure;
        private final Consumer<String> outer;
        private final List<@Nullable String> texts = new ArrayList<>();
        private boolean changed;

        Collector(RedactionRules rules, Consumer<String> outer) {
            this.rules = rules;
            this.structure = new Structure(rules);
            this.outer = outer;
        }

        @Override
        protected String text(Place place, String text) {
            SecretNames.Rule rule = place.rule();
            if (rule != null && !rules.marker().is(text) && rules.isSecret(rule, text)) {
                outer.accept(rule.detector());
                return keep(text, Marker.of(rule.detector()));
            }
            return keep(text, rules.redact(text, outer));
        }

        @Override
        protected boolean isPlain(String name) {
            return false;
        }

        @Override
        protected String name(String name, Consumer<String> found) {
            return keep(name, rules.redact(name, outer));
        }

        @Override
        protected Place member(Place place, ObjectNode object, String name) {
            return structure.member(place, object, name);
        }

        @Override
        protected Place element(Place place, ArrayNode array, int index) {
            return structure.element(place, array, index);
        }

        private String keep(String before, String after) {
            boolean same = after.equals(before);
            texts.add(same ? null : after);
            changed |= !same;
            return after;
        }
    }
}
