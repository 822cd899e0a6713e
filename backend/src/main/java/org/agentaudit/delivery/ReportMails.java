package org.agentaudit.delivery;

import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccount;
import org.agentaudit.access.UserAccounts;
import org.agentaudit.access.Viewer;
import org.agentaudit.mail.MailContent;
import org.agentaudit.mail.MailServer;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// Has mails written: for the eyes of an AUDITOR, within the agent scope that the subscription's
/// owner has now.
@Singleton
class ReportMails {

    /// Stands in a mail for the recipient's own address; `.invalid` leads nowhere (RFC 2606).
    static final String UNSUBSCRIBE = "https://unsubscribe.invalid/";

    private static final int WEEK = 7;

    private final ReportMailContent content;
    private final UserAccounts users;
    private final MailServer server;

    ReportMails(ReportMailContent content, UserAccounts users, MailServer server) {
        this.content = content;
        this.users = users;
        this.server = server;
    }

    /// @param forDate last day that it covers
    /// @throws BadInputException when there can be no such mail, for instance because the owner may
    ///     not have any sent any more
    MailContent write(
            String owner,
            ReportKind kind,
            @Nullable String agentId,
            boolean attachPdf,
            LocalDate forDate,
            boolean late) {
        Optional<UserAccount> account = users.find(owner);
        if (account.isEmpty() || account.get().disabled()) {
            throw new BadInputException(
                    "Not sent: '%s', whose subscription it is, has no account in use."
                            .formatted(owner));
        }
        Set<Role> roles = account.get().roles();
        if (!roles.contains(Role.COMPLIANCE_OFFICER) && !roles.contains(Role.ADMIN)) {
            throw new BadInputException(
                    "Not sent: '%s', whose subscription it is, may not subscribe to reports any more."
                            .formatted(owner));
        }
        Viewer viewer = new Viewer(owner, Set.of(Role.AUDITOR), account.get().agentScope());
        return content.write(
                new ReportMail(
                        kind,
                        viewer,
                        kind == ReportKind.DAILY_SUMMARY ? forDate : forDate.minusDays(WEEK - 1L),
                        forDate,
                        agentId,
                        attachPdf,
                        late,
                        server.portal(),
                        UNSUBSCRIBE));
    }

    /// The mail with the recipient's own address in it.
    static MailContent addressed(MailContent content, String unsubscribeUrl) {
        String html = content.html();
        return new MailContent(
                content.subject(),
                content.text().replace(UNSUBSCRIBE, unsubscribeUrl),
                html == null ? null : html.replace(UNSUBSCRIBE, unsubscribeUrl),
                content.images(),
                content.attachments());
    }
}
