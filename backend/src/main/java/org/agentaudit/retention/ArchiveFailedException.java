package org.agentaudit.retention;

import java.io.IOException;

/// What was to go could not be archived, so nothing of it went.
final class ArchiveFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ArchiveFailedException(IOException cause) {
        super(
                "the archive cannot be written, so nothing more was removed: "
                        + cause.getClass().getSimpleName()
                        + ": "
                        + cause.getMessage(),
                cause);
    }
}
