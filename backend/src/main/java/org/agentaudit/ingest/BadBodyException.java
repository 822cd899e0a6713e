package org.agentaudit.ingest;

/// The body as a whole is no JSON. Answered as 400; the message says where it breaks.
public final class BadBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadBodyException(String message) {
        super(message);
    }
}
