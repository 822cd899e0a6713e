package org.agentaudit.proof;

import org.jspecify.annotations.Nullable;

/// What is stored with an event so that it can be proven later.
///
/// @param salt 16 random bytes, key of the commitments; goes when the content goes; null when no
///     part of the content was stated
/// @param commitments see [Commitments]; null when no part was stated
/// @param leaf        32 bytes
public record EventProof(byte @Nullable [] salt, byte @Nullable [] commitments, byte[] leaf) {}
