package org.agentaudit.incident;

/// Somebody changed the incident since it was read, so a change of what was read is refused.
public final class EditConflictException extends RuntimeException {

    private static final long serialVersionUID = 1;

    EditConflictException() {
        super("The incident was changed since it was read.");
    }
}
