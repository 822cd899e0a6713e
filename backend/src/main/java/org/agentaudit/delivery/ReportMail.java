package org.agentaudit.delivery;

import java.time.LocalDate;
import org.agentaudit.access.Viewer;
import org.jspecify.annotations.Nullable;

/// A report mail that is to be written. The same for every recipient of a subscription, so it is
/// written once a day and subscription.
///
/// @param viewer         whose eyes the report is made for: an AUDITOR, so content is masked, with
///     the agent scope of the subscription's owner, whose name it bears
/// @param from           first day that it covers
/// @param to             last day, included; the same as `from` in a DAILY_SUMMARY. Days are those
///     of the report time zone
/// @param agentId        of an AGENT_AUDIT; null for the other kinds
/// @param attachPdf      whether the PDF goes along
/// @param late           made up after its time was missed; the mail says so
/// @param portal         address that every link begins with, without a slash at its end
/// @param unsubscribeUrl where the link to unsubscribe leads. It stands for the recipient's own
///     address, which is put in its place in text and HTML when the mail is sent
public record ReportMail(
        ReportKind kind,
        Viewer viewer,
        LocalDate from,
        LocalDate to,
        @Nullable String agentId,
        boolean attachPdf,
        boolean late,
        String portal,
        String unsubscribeUrl) {}
