package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Recognises what tools of the OpenTelemetry family store, by content: OTLP/JSON (one request per
/// line or per file, and Tempo's older form), spans as SDKs print them (alone or under `spans`),
/// exports of Jaeger and of Langfuse.
public final class StoredExports {
    private StoredExports() {}

    /// The spans and log records in one JSON value; null when it is none of these exports.
    ///
    /// @param item places where the reader found a fault hold a POJO node with the reason
    public static @Nullable List<Signal> signals(JsonNode item, Signal.JsonText json) {
        if (!(item instanceof ObjectNode members)) {
            return null;
        }
        if (isArray(members, "resourceSpans")
                || isArray(members, "resourceLogs")
                || isArray(members, "batches")) {
            return OtlpJson.signals(members, json);
        }
        if (SdkSpans.isSpan(members)) {
            return List.of(SdkSpans.signal(members, null, json));
        }
        if (isArray(members, "spans") && SdkSpans.isSpan(members.path("spans").path(0))) {
            return SdkSpans.signals(members, json);
        }
        if (isArray(members, "data") && members.path("data").path(0).has("spans")) {
            return JaegerExport.signals(members, json);
        }
        if (members.path("trace").isObject() && isArray(members, "observations")) {
            return LangfuseExport.signals(members, json);
        }
        return null;
    }

    private static boolean isArray(ObjectNode members, String name) {
        return members.path(name).isArray();
    }
}
