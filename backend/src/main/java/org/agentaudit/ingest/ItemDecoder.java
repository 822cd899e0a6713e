package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.claudecode.HookDecoder;
import org.agentaudit.ingest.claudecode.Transcripts;
import org.agentaudit.ingest.jsonl.LineDecoder;
import org.agentaudit.ingest.jsonl.Members;
import org.agentaudit.ingest.jsonl.Shapes;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Gives each item to the decoder of its shape. One instance reads a request or an import in order,
/// since lines of a transcript refer to each other. Not safe for several threads.
final class ItemDecoder {
    private static final byte[] TRANSCRIPT = "\"parentUuid\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ASSISTANT = "\"assistant\"".getBytes(StandardCharsets.UTF_8);

    private final Transcripts transcripts = new Transcripts();

    /// What an item tells: at least one event, in order.
    ///
    /// @param item   after redaction
    /// @param forced the shape the caller names; null: recognised by content
    /// @param now    for items whose time lies ahead
    /// @throws RejectedException when the item cannot be understood; says what to change
    List<EventDraft> decode(JsonNode item, @Nullable SourceFormat forced, Instant now) {
        if (!(item instanceof ObjectNode members)) {
            throw new RejectedException(
                    "an event must be a JSON object, not " + Members.kind(item));
        }
        SourceFormat shape = forced == null ? shape(item) : forced;
        return switch (shape) {
            case AUDIT_EVENT, LOG_ENTRY, SESSION_EVENT, REQUEST_LOG ->
                    List.of(LineDecoder.decode(members, shape, now));
            case CLAUDE_CODE_HOOK -> HookDecoder.decode(members, now);
            case CLAUDE_CODE_TRANSCRIPT -> transcripts.decode(members, now);
            case OTLP, MCP ->
                    throw new RejectedException(
                            shape.name().toLowerCase(Locale.ROOT) + " is not taken as lines");
        };
    }

    /// A line of a new type among lines of a transcript is one of them.
    private SourceFormat shape(JsonNode item) {
        SourceFormat shape = Shapes.of(item);
        return shape == SourceFormat.SESSION_EVENT
                        && transcripts.any()
                        && !item.path("data").isObject()
                ? SourceFormat.CLAUDE_CODE_TRANSCRIPT
                : shape;
    }

    /// Another file begins.
    void startFile() {
        transcripts.startFile();
    }

    /// Takes note of lines that will be decoded later.
    void lookAhead(byte[] lines) {
        for (int from = 0, end; from < lines.length; from = end + 1) {
            end = from;
            while (end < lines.length && lines[end] != '\n') {
                end++;
            }
            if (contains(lines, from, end, TRANSCRIPT) && contains(lines, from, end, ASSISTANT)) {
                lookAhead(lines, from, end);
            }
        }
    }

    private void lookAhead(byte[] lines, int from, int end) {
        try (JsonParser parser = ItemReader.JSON.createParser(lines, from, end - from)) {
            parser.nextToken();
            transcripts.lookAhead(ItemReader.read(parser).value());
        } catch (JsonProcessingException e) {
            return; // refused with its reason when its turn comes
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static boolean contains(byte[] text, int from, int end, byte[] word) {
        for (int i = from; i <= end - word.length; i++) {
            if (text[i] != word[0]) {
                continue;
            }
            int j = 1;
            while (j < word.length && text[i + j] == word[j]) {
                j++;
            }
            if (j == word.length) {
                return true;
            }
        }
        return false;
    }
}
