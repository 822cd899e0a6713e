package org.agentaudit.database;

import org.jspecify.annotations.Nullable;

/// The embedded database cannot be used. The message is one readable text for the person who
/// started the portal: what is wrong and what to do about it.
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message) {
        super(message);
    }

    DatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
