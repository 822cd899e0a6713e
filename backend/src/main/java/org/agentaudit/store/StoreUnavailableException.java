package org.agentaudit.store;

/// PostgreSQL cannot be reached, does not answer or has no space left. Answered as 503. Whether the
/// batch was stored is known only for certain when the same batch is sent again.
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message one sentence for the sender
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
