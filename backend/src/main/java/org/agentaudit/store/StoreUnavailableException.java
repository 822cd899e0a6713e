package org.agentaudit.store;

/// PostgreSQL cannot be reached. Answered as 503.
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
