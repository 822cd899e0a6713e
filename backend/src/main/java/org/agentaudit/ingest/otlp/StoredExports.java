package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.agentaudit.ingest.normal.RejectedException;

/// Recognises what tools of the OpenTelemetry family store, by content: OTLP/JSON (one request per
/// line or per file, and Tempo's older form), spans as SDKs print them (alone or under `spans`),
/// exports of Jaeger and of Langfuse.
public final class StoredExports {
    private StoredExports() {}

    /// The spans and log records in one JSON value, one after the other.
    ///
    /// @param item places where the reader found a fault hold a POJO node with the reason
    /// @return whether it is one of these exports
    /// @throws RejectedException when it is and cannot be taken apart
    public static boolean read(JsonNode item, Signal.JsonText json, Consumer<Signal> sink) {
        if (!(item instanceof ObjectNode members)) {
            return false;
        }
        if (isArray(members, "resourceSpans")
                || isArray(members, "resourceLogs")
                || isArray(members, "batches")) {
            OtlpJson.signals(members, json, sink);
        } else if (SdkSpans.isSpan(members)) {
            sink.accept(SdkSpans.signal(members, null, json));
        } else if (isArray(members, "spans") && SdkSpans.isSpan(members.path("spans").path(0))) {
            SdkSpans.signals(members, json, sink);
        } else if (isArray(members, "data") && members.path("data").path(0).has("spans")) {
            JaegerExport.signals(members, json, sink);
        } else if (members.path("trace").isObject() && isArray(members, "observations")) {
            LangfuseExport.signals(members, json, sink);
        } else {
            return false;
        }
        return true;
    }

    private static boolean isArray(ObjectNode members, String name) {
        return members.path(name).isArray();
    }
}
