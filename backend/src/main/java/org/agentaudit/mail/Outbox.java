package org.agentaudit.mail;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the outboxes of reports and alerts have in common.
public final class Outbox {

    /// Longest attempt; after it another portal may try.
    public static final Duration LEASE = Duration.ofMinutes(10);

    /// Without a server, mails wait for so long and are then given up.
    public static final Duration WAIT_FOR_SERVER = Duration.ofDays(7);

    /// Why those mails failed.
    public static final String GAVE_UP =
            "Given up after 7 days without a mail server (PORTAL_SMTP_HOST).";

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration NOTE_WITHIN = Duration.ofMinutes(5);
    private static final Duration NOTE_AGAIN = Duration.ofSeconds(1);

    private Outbox() {}

    /// Writes what became of a mail, in a transaction of its own.
    public interface Note {
        void write();
    }

    /// Writes a note until the database takes it, for up to five minutes, well within the lease: a
    /// database that restarts right now is waited for, or a mail that went out would go again.
    ///
    /// @param what for the log, for instance `report mail 7`
    public static void untilTaken(String what, Note note) throws InterruptedException {
        long giveUp = System.nanoTime() + NOTE_WITHIN.toNanos();
        while (true) {
            try {
                note.write();
                return;
            } catch (RuntimeException e) {
                if (System.nanoTime() - giveUp > 0) {
                    LOG.warn("What became of {} is not noted: {}", what, e.toString());
                    return;
                }
                Thread.sleep(NOTE_AGAIN);
            }
        }
    }
}
