package org.agentaudit.event;

import org.jspecify.annotations.Nullable;

/// Work passed from one agent to another; each part is null when the producer did not state it.
///
/// @param from  agent that hands off
/// @param to    agent that takes over
/// @param depth how many handoffs deep the target works, 1 for the first
public record Handoff(@Nullable String from, @Nullable String to, @Nullable Integer depth) {}
