package org.agentaudit.graphql;

/// A field that cannot be answered; its message is shown to the caller.
final class GraphQlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    GraphQlException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }
}
