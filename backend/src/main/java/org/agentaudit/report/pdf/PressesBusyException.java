package org.agentaudit.report.pdf;

import java.io.Serial;

/// More PDFs are being made than the portal makes at once, and the wait for a place was too long.
public final class PressesBusyException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    PressesBusyException() {
        super("too many PDFs are being made at once");
    }
}
