package org.agentaudit.query;

import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// One event with everything known of it; model of `views/query/event.html`.
///
/// @param masked  the viewer sees no content
/// @param removed when and why the content was removed, in words; null while it is there
public record EventPage(AuditEvent event, boolean masked, @Nullable String removed) {}
