package org.agentaudit.access;

import org.jspecify.annotations.Nullable;

/// What a portal with demonstration data tells about one of its demonstration users.
///
/// @param password in clear; null when it is none that the portal knows, so set by hand
public record DemoSignIn(UserAccount user, @Nullable String password) {}
