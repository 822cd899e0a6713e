package org.agentaudit.digest;

import org.agentaudit.delivery.ReportMail;

/// The days of a mail in words.
final class Days {

    private Days() {}

    static String of(ReportMail mail) {
        return mail.from().equals(mail.to())
                ? mail.to().toString()
                : mail.from() + " to " + mail.to();
    }
}
