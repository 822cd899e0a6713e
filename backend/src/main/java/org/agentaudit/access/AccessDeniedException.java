package org.agentaudit.access;

/// The viewer is known but may not do this; its message says which role is needed. Answered as 403
/// or `FORBIDDEN`.
public final class AccessDeniedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AccessDeniedException(String message) {
        super(message);
    }
}
