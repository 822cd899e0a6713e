/// Findings (checklist A10 with the corrections of A18): what a detector concludes from a trace, a
/// session or an agent's history. A detector is a pure function over ordered events, see
/// [Detector]; [FindingWork] lets them see what has been settled, [Findings] answers questions. A
/// finding is stored once, never changed, and holds no content of events. Uses `event`, `proof`,
/// `store`, `query`, `analysis`, `ingest`, `database`, `access` and `web`.
@NullMarked
package org.agentaudit.finding;

import org.jspecify.annotations.NullMarked;
