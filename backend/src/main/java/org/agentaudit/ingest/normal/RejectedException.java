package org.agentaudit.ingest.normal;

/// One item cannot be understood as an event; its neighbours can. The message says what to change.
public final class RejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RejectedException(String reason) {
        super(reason, null, false, false);
    }

    /// What to change, for people.
    public String reason() {
        String message = getMessage();
        return message == null ? "not understood" : message;
    }
}
