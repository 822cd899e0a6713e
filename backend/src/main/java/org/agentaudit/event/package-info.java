/// The audit event in the words of the field: what an agent did, for whom, with which outcome.
/// Start at [org.agentaudit.event.AuditEvent]. Plain Java, no framework, no I/O; every other
/// package may use it.
@NullMarked
package org.agentaudit.event;

import org.jspecify.annotations.NullMarked;
