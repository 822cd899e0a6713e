package org.agentaudit.ingest.redact;

import java.io.Serial;

/// A setting of redaction is wrong, so the portal does not start; the message says which and why,
/// in one line.
public final class BadSettingException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    BadSettingException(String message) {
        super(message);
    }
}
