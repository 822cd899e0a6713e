package org.agentaudit.query;

/// A question that cannot be answered as asked; the message says what to change. Answered as 400 or
/// `BAD_USER_INPUT`.
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadInputException(String message) {
        super(message);
    }
}
