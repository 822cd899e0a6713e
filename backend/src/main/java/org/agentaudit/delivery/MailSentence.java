package org.agentaudit.delivery;

import org.agentaudit.mail.MailServer;

/// How the outbox does, in one sentence.
final class MailSentence {

    static final String ADVICE =
            "Set PORTAL_SMTP_HOST, and PORTAL_MAIL_FROM, and start the portal again. What waits is then sent; after 7 days"
                    + " it is given up.";

    private MailSentence() {}

    static String kind(MailServer server, long failed) {
        return server.isSet() && failed == 0 ? "ok" : failed > 0 ? "fail" : "warn";
    }

    static String of(MailServer server, long waiting, long failed) {
        String state =
                (waiting == 0 ? "Nothing waits" : waiting + (waiting == 1 ? " waits" : " wait"))
                        + (failed == 0 ? ", nothing failed." : ", " + failed + " failed for good.");
        String described = server.described();
        return described == null
                ? "No mail server is set. " + state
                : state + " Mails go by " + described + ".";
    }
}
