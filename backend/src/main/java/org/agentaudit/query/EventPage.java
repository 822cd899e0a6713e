package org.agentaudit.query;

import org.agentaudit.event.AuditEvent;

/// One event with everything known of it; model of `views/query/event.html`.
///
/// @param masked the viewer sees no content
public record EventPage(AuditEvent event, boolean masked) {}
