/// Search and trace reconstruction (NIST SP 800-53 AU-7): events by filter, traces, agents.
/// Everything that leaves here is already limited to the viewer and masked where the viewer may not
/// see content. Start at [org.agentaudit.query.EventQuery]. Uses `event`, `store`,
/// `access` and `web`.
@NullMarked
package org.agentaudit.query;

import org.jspecify.annotations.NullMarked;
