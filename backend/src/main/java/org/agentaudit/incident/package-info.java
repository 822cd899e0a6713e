/// Incidents that people work on (NIST SP 800-53 IR-5): opened on a trace, assigned, explained and
/// resolved, with notes. Start at [org.agentaudit.incident.Incidents]. Uses `analysis`, `query` and
/// `access`.
@NullMarked
package org.agentaudit.incident;

import org.jspecify.annotations.NullMarked;
