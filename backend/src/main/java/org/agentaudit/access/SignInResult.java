package org.agentaudit.access;

import java.time.Duration;

/// Answer to a user name with a password.
///
/// @param <S> the kind of session asked for
public sealed interface SignInResult<S> {
    /// Signed in.
    record Accepted<S>(S session) implements SignInResult<S> {}

    /// Unknown user, wrong password or disabled account; which of these is not said.
    record Refused<S>() implements SignInResult<S> {}

    /// Not even looked at after repeated failures.
    ///
    /// @param retryAfter whole seconds, at least one
    record TooManyAttempts<S>(Duration retryAfter) implements SignInResult<S> {}
}
