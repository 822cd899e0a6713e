package org.agentaudit.digest;

import org.agentaudit.delivery.ReportMail;
import org.jspecify.annotations.Nullable;

/// Says that a mail comes late.
final class Late {

    private Late() {}

    static @Nullable String sentence(ReportMail mail) {
        return mail.late()
                ? "This mail is late: the portal was not running when it was due."
                : null;
    }
}
