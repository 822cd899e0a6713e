package org.agentaudit.delivery;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A mail that one portal is to send now.
///
/// @param attempt from 1
record DueDelivery(
        long id,
        long subscription,
        String owner,
        ReportKind kind,
        @Nullable String agentId,
        boolean attachPdf,
        String recipient,
        LocalDate forDate,
        String messageId,
        boolean late,
        int attempt) {}
