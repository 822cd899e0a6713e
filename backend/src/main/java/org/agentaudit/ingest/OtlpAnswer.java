package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.util.stream.Collectors;
import org.agentaudit.ingest.IngestResult.RejectedItem;

/// The answer to an OTLP request: empty when all was taken, else how many were not and why.
/// Duplicates were taken before.
enum OtlpAnswer {
    TRACES("rejectedSpans") {
        @Override
        byte[] protobuf(int rejected, String message) {
            return ExportTraceServiceResponse.newBuilder()
                    .setPartialSuccess(
                            ExportTracePartialSuccess.newBuilder()
                                    .setRejectedSpans(rejected)
                                    .setErrorMessage(message))
                    .build()
                    .toByteArray();
        }
    },
    LOGS("rejectedLogRecords") {
        @Override
        byte[] protobuf(int rejected, String message) {
            return ExportLogsServiceResponse.newBuilder()
                    .setPartialSuccess(
                            ExportLogsPartialSuccess.newBuilder()
                                    .setRejectedLogRecords(rejected)
                                    .setErrorMessage(message))
                    .build()
                    .toByteArray();
        }
    };

    private static final int REASONS = 3;

    private final String count;

    OtlpAnswer(String count) {
        this.count = count;
    }

    abstract byte[] protobuf(int rejected, String message);

    byte[] protobuf(IngestResult result) {
        int rejected = result.rejected().size();
        return rejected == 0 ? new byte[0] : protobuf(rejected, message(result));
    }

    String json(IngestResult result) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (!result.rejected().isEmpty()) {
            answer.putObject("partialSuccess")
                    .put(count, Integer.toString(result.rejected().size()))
                    .put("errorMessage", message(result));
        }
        return answer.toString();
    }

    /// The first different reasons.
    private static String message(IngestResult result) {
        return result.rejected().stream()
                .map(RejectedItem::reason)
                .distinct()
                .limit(REASONS)
                .collect(Collectors.joining("; "));
    }
}
