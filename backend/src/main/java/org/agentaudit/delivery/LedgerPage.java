package org.agentaudit.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Report mails and what became of them.
///
/// @param kind         shape of the sentence
/// @param note         what was done just now; null: nothing
/// @param subscription number of the one whose mails are shown; null: all
/// @param states       filters, the chosen one marked
/// @param olderHref    null: there are no more
/// @param firstHref    null: the newest are shown
public record LedgerPage(
        String kind,
        String sentence,
        @Nullable String advice,
        @Nullable String note,
        @Nullable Long subscription,
        List<MailTab> states,
        List<MailRow> rows,
        @Nullable String olderHref,
        @Nullable String firstHref) {}
