package org.agentaudit.access;

import java.time.Duration;

/// A browser that has signed in.
///
/// @param secret value of the session cookie
/// @param life   until the session ends
public record BrowserSession(String secret, Duration life) {}
