package org.agentaudit.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import org.agentaudit.mail.MailContent;

/// What a mail about an alert says: the same as the webhook, which holds no event content, so there
/// is nothing to mask.
final class AlertMailText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AlertMailText() {}

    /// @param body   of the outbox
    /// @param portal address of the portal, without a slash at its end
    static MailContent of(String body, String portal) {
        JsonNode message;
        try {
            message = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the outbox holds what AlertOutbox wrote", e);
        }
        JsonNode data = message.path("data");
        boolean resolved = message.path("type").asText().equals("alert.resolved");
        String severity = data.path("severity").asText();
        String about =
                data.path("rule").asText()
                        + (data.path("key").isTextual() ? " for " + data.path("key").asText() : "");
        String state =
                resolved
                        ? "Resolved"
                        : severity.charAt(0) + severity.substring(1).toLowerCase(Locale.ROOT);
        String text =
                """
                %s: %s

                %s

                Severity: %s
                Fired:    %s
                %sAlert:    no. %s

                Look at it: %s/alerts

                Alerts are sent to the addresses of their rule's action; who maintains the rules
                changes them there.
                """
                        .formatted(
                                state,
                                about,
                                data.path("description").asText(),
                                severity,
                                data.path("firedAt").asText(),
                                resolved
                                        ? "Resolved: " + data.path("resolvedAt").asText() + "\n"
                                        : "",
                                data.path("id").asText(),
                                portal);
        return new MailContent(
                "[Agent Audit] %s: %s".formatted(state, about), text, null, List.of(), List.of());
    }
}
