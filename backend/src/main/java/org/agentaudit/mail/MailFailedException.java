package org.agentaudit.mail;

/// A mail was not taken. The message holds the server's words, or why it could not be asked.
public final class MailFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean permanent;

    MailFailedException(String message, boolean permanent) {
        super(message);
        this.permanent = permanent;
    }

    /// Whether the server refused it for good (a reply of 500 to 599 to this mail or its address);
    /// else it may be tried again.
    public boolean permanent() {
        return permanent;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
