package org.agentaudit.delivery;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mail as it would be sent.
///
/// @param problem     why there is none; null: there is
/// @param htmlHref    where the HTML part is shown by itself; null: a mail of text alone
/// @param attachments their names
public record PreviewPage(
        long id,
        String title,
        LocalDate forDate,
        @Nullable String problem,
        String subject,
        String from,
        List<String> recipients,
        @Nullable String htmlHref,
        String text,
        List<String> attachments) {}
