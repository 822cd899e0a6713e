package org.agentaudit.access;

import java.time.Duration;

/// What an API client signs its next requests with.
///
/// @param accessToken  for the `Authorization: Bearer` header
/// @param refreshToken works once, for a new pair
/// @param expiresIn    life of the access token
public record TokenPair(String accessToken, String refreshToken, Duration expiresIn) {}
