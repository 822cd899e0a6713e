package org.agentaudit.store;

/// The store is behind; the caller should try again later. Answered as 429.
public final class StoreBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreBusyException(String message) {
        super(message);
    }
}
