package org.agentaudit.delivery;

import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.agentaudit.mail.MailContent;

/// Mails that say which report is there and lead to it.
@Singleton
class LinkMailContent implements ReportMailContent {

    @Override
    public MailContent write(ReportMail mail) {
        String days =
                mail.from().equals(mail.to())
                        ? mail.to().toString()
                        : mail.from() + " to " + mail.to();
        String title = title(mail) + " " + days;
        String text =
                """
                %s%s

                %s%s

                You get this mail because %s subscribed you to it. To end it: %s
                """
                        .formatted(
                                title,
                                mail.late() ? "\nThis mail is late: its time was missed." : "",
                                mail.portal(),
                                path(mail),
                                mail.viewer().username(),
                                mail.unsubscribeUrl());
        return new MailContent("[Agent Audit] " + title, text, null, List.of(), List.of());
    }

    private static String title(ReportMail mail) {
        return switch (mail.kind()) {
            case DAILY_SUMMARY -> "Daily summary";
            case COMPLIANCE -> "Compliance report";
            case AGENT_AUDIT -> "Audit of " + mail.agentId() + ",";
        };
    }

    private static String path(ReportMail mail) {
        String period = "?from=" + mail.from() + "&to=" + mail.to();
        return switch (mail.kind()) {
            case DAILY_SUMMARY -> "/daily/" + mail.to();
            case COMPLIANCE -> "/compliance" + period;
            case AGENT_AUDIT ->
                    "/agents/"
                            + URLEncoder.encode(
                                            Objects.requireNonNull(mail.agentId()),
                                            StandardCharsets.UTF_8)
                                    .replace("+", "%20")
                            + period;
        };
    }
}
