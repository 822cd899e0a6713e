package org.agentaudit.delivery;

import org.agentaudit.mail.MailContent;

/// Writes report mails.
public interface ReportMailContent {

    /// The mail as it is sent, and shown in the preview.
    ///
    /// @throws org.agentaudit.query.BadInputException when there can be no such mail, now or later:
    ///     it fails for good, with this message. Whatever else is thrown is tried again
    MailContent write(ReportMail mail);
}
