package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Reads events from the spans and log records of one batch.
public final class SignalDecoder {
    private final SpanBatch batch;
    private final Instant now;

    /// @param trees all of the batch, after redaction
    /// @param now   for times that lie ahead
    public SignalDecoder(List<ObjectNode> trees, Instant now) {
        this.batch = new SpanBatch(trees);
        this.now = now;
    }

    /// What one of them tells: at least one event, in order.
    ///
    /// @throws RejectedException when it cannot be understood; says what to change
    public List<EventDraft> decode(ObjectNode tree) {
        return tree.path(SignalTree.SIGNAL).asText("").equals(SignalTree.SPAN)
                ? new SpanDecoder(tree, batch, now).decode()
                : new LogDecoder(tree, batch, now).decode();
    }

    /// Whether a JSON value is the tree of a signal, as quarantine keeps it.
    public static boolean isTree(JsonNode value) {
        String signal = value.path(SignalTree.SIGNAL).asText("");
        return value.isObject()
                && (signal.equals(SignalTree.SPAN) || signal.equals(SignalTree.LOG));
    }

    /// How a signal names itself, whatever else is wrong with it; null when it does not.
    public static @Nullable String idOf(ObjectNode tree) {
        String span = tree.path("spanId").asText("");
        return span.isEmpty() ? null : tree.path("traceId").asText("") + ":" + span;
    }
}
