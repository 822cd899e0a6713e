package org.agentaudit.retention;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The archive files that deletion records name, some of which may have been taken away since.
///
/// @param earliest earliest `occurredAt` of an archived event; null without files
/// @param latest   latest
public record ArchivePeriod(long files, @Nullable Instant earliest, @Nullable Instant latest) {}
