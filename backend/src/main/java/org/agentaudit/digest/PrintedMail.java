package org.agentaudit.digest;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.mail.MailContent;
import org.jspecify.annotations.Nullable;

/// The PDF of a report mail.
///
/// @param attachments the file; empty when it is too large for mail servers
/// @param note        where it is instead; null when it is attached
record PrintedMail(List<MailContent.Attachment> attachments, @Nullable String note) {

    /// Bytes of a file that goes along, at most.
    static final int LARGEST = 5 * 1024 * 1024;

    PrintedMail {
        attachments = List.copyOf(attachments);
    }

    /// @param address where the portal makes the same file
    static PrintedMail of(String name, byte[] pdf, String address) {
        return pdf.length <= LARGEST
                ? new PrintedMail(
                        List.of(new MailContent.Attachment(name, "application/pdf", pdf)), null)
                : new PrintedMail(
                        List.of(),
                        "The PDF is not attached, because it is larger than 5 MB. It can be"
                                + " downloaded from "
                                + address);
    }

    /// The digest, saying so when the file does not go along.
    Digest noted(Digest digest) {
        if (note == null) {
            return digest;
        }
        List<String> basis = new ArrayList<>(digest.basis());
        basis.addFirst(note);
        return new Digest(
                digest.subject(),
                digest.title(),
                digest.when(),
                digest.late(),
                digest.verdict(),
                digest.state(),
                digest.attention(),
                digest.figures(),
                digest.picture(),
                digest.sections(),
                basis,
                digest.open(),
                digest.owner(),
                digest.unsubscribe());
    }
}
