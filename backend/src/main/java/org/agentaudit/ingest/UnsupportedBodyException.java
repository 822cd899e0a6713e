package org.agentaudit.ingest;

/// The media type, character set or encoding of the body is not one that is taken. Answered as 415.
public final class UnsupportedBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedBodyException(String message) {
        super(message);
    }
}
