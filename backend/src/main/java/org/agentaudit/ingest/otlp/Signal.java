package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A span or a log record in the portal's own form, before redaction: names of OTLP/JSON, ids as
/// hexadecimal text in lower case, attributes as one flat object, `resource` and `scope` beside;
/// what has its default value is left out. The same span is the same tree in every encoding.
///
/// @param tree  complete apart from the fault
/// @param fault what makes it no event; null when nothing does
public record Signal(ObjectNode tree, @Nullable String fault) {

    /// Reads text that is one JSON value.
    @FunctionalInterface
    public interface JsonText {
        /// Null when the text is no JSON, or JSON that could not be kept as it is.
        @Nullable JsonNode parse(String text);
    }
}
