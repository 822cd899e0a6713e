package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.redact.Place;
import org.agentaudit.ingest.redact.TextRewriter;

/// Bounds the texts of one event. Runs after redaction and after the digest; head and tail stay,
/// since errors stand at the end of an output (B-001-12).
final class TextShortener extends TextRewriter {
    /// Longest text kept whole, in characters.
    static final int MAX_TEXT = 1 << 20;

    private static final int HALF = MAX_TEXT / 2;

    @Override
    protected String text(Place place, String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        found(Redaction.TRUNCATED);
        return cut(text, HALF, HALF);
    }

    /// Head and tail of a text, with a line between them that says how much is missing. A text that
    /// would not become shorter stays.
    ///
    /// @param head characters kept at the start, one less where a surrogate pair would be cut
    /// @param tail the same at the end
    static String cut(String text, int head, int tail) {
        int longest = head + tail;
        if (text.length() <= longest) {
            return text;
        }
        int to = head > 0 && Character.isHighSurrogate(text.charAt(head - 1)) ? head - 1 : head;
        int start = text.length() - tail;
        int from = tail > 0 && Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start;
        String line = "\n… [" + (from - to) + " characters left out] …\n";
        return from - to <= line.length()
                ? text
                : text.substring(0, to) + line + text.substring(from);
    }

    @Override
    protected boolean isPlain(String name) {
        return true;
    }

    @Override
    protected String name(String name, Consumer<String> found) {
        return name;
    }

    @Override
    protected Place member(Place place, ObjectNode object, String name) {
        return place;
    }

    @Override
    protected Place element(Place place, ArrayNode array, int index) {
        return place;
    }
}
