package org.agentaudit.delivery;

import java.util.List;
import org.agentaudit.alert.AlertMessage;
import org.jspecify.annotations.Nullable;

/// What was sent about alerts.
///
/// @param states filters, the chosen one marked
public record AlertMessagesPage(
        String kind,
        String sentence,
        @Nullable String advice,
        @Nullable String note,
        List<MailTab> states,
        List<AlertMessage> rows,
        @Nullable String olderHref,
        @Nullable String firstHref) {}
