package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.agentaudit.event.Decision;
import org.agentaudit.event.Decision.DecisionOption;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.redact.Place;
import org.agentaudit.ingest.redact.TextRewriter;
import org.jspecify.annotations.Nullable;

/// Bounds the texts of one event. Runs after redaction and after the digest; head and tail stay,
/// since errors stand at the end of an output (B-001-12).
final class TextShortener extends TextRewriter {
    /// Longest text kept whole, in characters.
    static final int MAX_TEXT = 1 << 20;

    /// Leaves room for the line between them, so that what was shortened once stays as it is.
    private static final int HALF = MAX_TEXT / 2 - 32;

    /// Bounds the texts of an event that was decoded from a longer one, also those put together of
    /// several. Not by decoding the shortened line: a line of a transcript is decoded once, since
    /// it changes what the next ones mean, and what was minimised would come back.
    static void shorten(EventDraft draft) {
        draft.params = shortened(draft.params);
        draft.result = shortened(draft.result);
        if (draft.unmapped != null) {
            new TextShortener().rewrite(draft.unmapped);
        }
        draft.reasoning = shortened(draft.reasoning);
        draft.errorMessage = shortened(draft.errorMessage);
        Decision decision = draft.decision;
        if (decision != null) {
            draft.decision =
                    new Decision(
                            shortened(decision.question()),
                            decision.options().stream().map(TextShortener::shortened).toList(),
                            shortened(decision.chosen()),
                            decision.confidence());
        }
    }

    private static @Nullable JsonNode shortened(@Nullable JsonNode part) {
        return part == null ? null : new TextShortener().rewrite(part);
    }

    private static DecisionOption shortened(DecisionOption option) {
        return new DecisionOption(
                shortenedText(option.option()), shortened(option.reasoning()), option.score());
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null ? null : shortenedText(text);
    }

    private static String shortenedText(String text) {
        return text.length() <= MAX_TEXT ? text : cut(text, HALF, HALF);
    }

    @Override
    protected String text(Place place, String text) {
        if (text.length() > MAX_TEXT) {
            found(Redaction.TRUNCATED);
        }
        return shortenedText(text);
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
