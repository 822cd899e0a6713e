package org.agentaudit.ingest.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What earlier lines of the same files or request told, and what lines ahead will tell of a
/// message. Bounded: what was not asked for in a long time is forgotten, and then a parent or a
/// prompt is not known.
final class TranscriptState {
    private static final int REMEMBERED = 20_000;

    /// Where a line's last event is.
    ///
    /// @param name  identity of the event
    /// @param trace null: the session's
    record Place(String name, @Nullable String trace) {}

    /// A call whose result is still to come.
    record Call(
            @Nullable String tool, String agent, @Nullable String trace, @Nullable String type) {}

    /// A sub-agent, by who called it.
    record SubAgent(String name, @Nullable String trace) {}

    /// A message as all its lines together tell it.
    ///
    /// @param output largest count of output tokens: earlier lines have what was known then
    /// @param texts  whether a line of it holds text
    record Whole(long output, boolean texts) {}

    final Map<String, Place> places = bounded();
    final Map<String, Call> calls = bounded();
    final Map<String, SubAgent> agents = bounded();
    /// Trace of the prompt being worked on, by session and agent.
    final Map<String, String> prompts = bounded();
    /// Last event of a sub-agent whose lines name no parents.
    final Map<String, Place> last = bounded();
    /// Requests and prompts that were told, by identity.
    final Map<String, Boolean> told = bounded();

    private final Map<String, Whole> ahead = bounded();

    /// Session and time of the line before, for lines that name none.
    @Nullable String session;
    @Nullable Instant time;

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /// Another file begins.
    void startFile() {
        session = null;
        time = null;
    }

    /// Takes note of a line that will be decoded later.
    void lookAhead(JsonNode line) {
        JsonNode told =
                line.path("data").path("message").isObject()
                        ? line.get("data").get("message")
                        : line;
        JsonNode message = told.path("message");
        String id = message.path("id").asText("");
        if (!told.path("type").asText().equals("assistant") || id.isEmpty()) {
            return;
        }
        long output = message.path("usage").path("output_tokens").asLong(0);
        boolean texts = false;
        for (JsonNode block : message.path("content")) {
            texts |= Blocks.text(block) != null;
        }
        Whole one = new Whole(output, texts);
        ahead.merge(id, one, (a, b) -> new Whole(Math.max(a.output, b.output), a.texts || b.texts));
    }

    /// @param own what the line itself tells
    Whole whole(@Nullable String message, Whole own) {
        Whole known = message == null ? null : ahead.get(message);
        return known == null
                ? own
                : new Whole(Math.max(known.output, own.output), known.texts || own.texts);
    }
}
