package org.agentaudit.ingest;

/// The body is over one of the limits. Answered as 413; the message names the limit.
public final class BodyTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BodyTooLargeException(String message) {
        super(message);
    }
}
