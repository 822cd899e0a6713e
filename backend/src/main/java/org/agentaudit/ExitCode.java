package org.agentaudit;

/// Exit status of every command.
final class ExitCode {
    static final int DONE = 0;

    /// Done, with quarantined lines, nothing to read or a failed verification.
    static final int DONE_WITH_FINDINGS = 1;

    static final int WRONG_USE = 2;
    static final int NO_DATABASE = 3;

    /// A mistake of ours; the stack trace is on standard error.
    static final int INTERNAL_ERROR = 4;

    private ExitCode() {}
}
