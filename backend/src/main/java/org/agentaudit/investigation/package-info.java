/// The pages on which people look into what happened: a trace with its cause, waterfall and graph,
/// the record of its events, and sessions over their traces. Nothing is judged here; what is shown
/// comes from `query`, `analysis`, `finding` and `incident`. Start at
/// [org.agentaudit.investigation.TraceController]. Uses also `event`, `access` and `web`.
@NullMarked
package org.agentaudit.investigation;

import org.jspecify.annotations.NullMarked;
