package org.agentaudit.destination;

/// The destination does not take these events, whenever they are sent.
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /// @param reason for people; holds nothing of the events
    RefusedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
