package org.agentaudit.destination;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The VictoriaLogs that accepted events are copied to.
///
/// @param url           its base address, for instance `http://logs:9428`; null or empty: none
/// @param stream        value of the member `stream` of each line
/// @param labels        further members of each line, as `environment=production,cluster=eu-1`
/// @param streamFields  members that make a log stream, separated by commas
/// @param timeField     member with the time
/// @param msgField      member with the message
/// @param authorization value of the header Authorization; null or empty: none
/// @param content       whether params, results, reasoning, messages and user ids go along
/// @param batchEvents   events in one request at most
/// @param maxLineBytes  a longer event is sent without content, since VictoriaLogs would drop it
/// @param timeout       longest wait for an answer
@ConfigurationProperties("portal.victorialogs")
record VictoriaLogsConfig(
        @Nullable String url,
        @Bindable(defaultValue = "agent-audit") String stream,
        @Nullable String labels,
        @Bindable(defaultValue = "stream,environment,cluster") String streamFields,
        @Bindable(defaultValue = "occurredAt") String timeField,
        @Bindable(defaultValue = "summary") String msgField,
        @Nullable String authorization,
        @Bindable(defaultValue = "true") boolean content,
        @Bindable(defaultValue = "500") @Positive int batchEvents,
        @Bindable(defaultValue = "262144") @Positive int maxLineBytes,
        @Bindable(defaultValue = "20s") Duration timeout) {

    /// Members added to every line, in order.
    ///
    /// @throws IllegalArgumentException when `labels` cannot be read
    Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("stream", stream);
        for (String label : labels == null ? List.<String>of() : List.of(labels.split(",", -1))) {
            if (label.isBlank()) {
                continue;
            }
            int equals = label.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "portal.victorialogs.labels is a list such as environment=production,cluster=eu-1");
            }
            members.put(label.substring(0, equals).strip(), label.substring(equals + 1).strip());
        }
        return members;
    }
}
