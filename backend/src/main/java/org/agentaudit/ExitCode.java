package org.agentaudit;

/// Exit status of every command.
final class ExitCode {
    static final int DONE = 0;

    /// Done, with quarantined lines, nothing to read, a failed verification or a failed check.
    static final int DONE_WITH_FINDINGS = 1;

    static final int WRONG_USE = 2;
    static final int NO_DATABASE = 3;

    /// Of `check` alone: there was nothing to judge.
    static final int NOTHING_JUDGED = 4;

    /// A mistake of ours; the stack trace is on standard error.
    static final int INTERNAL_ERROR = 5;

    private ExitCode() {}
}
