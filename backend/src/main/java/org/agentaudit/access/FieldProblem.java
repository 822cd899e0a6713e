package org.agentaudit.access;

/// A value that an account or a key cannot have. The message is for who typed it.
public final class FieldProblem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;

    FieldProblem(String field, String message) {
        super(message);
        this.field = field;
    }

    /// Which value: `username`, `password`, `roles`, `agentScope` or, of a key, `name`.
    public String field() {
        return field;
    }
}
