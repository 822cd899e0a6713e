/// What every wire shape has in common: the draft a decoder fills, ids, times, and the rules that
/// turn a draft into one [org.agentaudit.event.AuditEvent] (metrics "Normalising"). Start at
/// [org.agentaudit.ingest.normal.Normaliser]. Uses `event` and `pricing`.
@NullMarked
package org.agentaudit.ingest.normal;

import org.jspecify.annotations.NullMarked;
