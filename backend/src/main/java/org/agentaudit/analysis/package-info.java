/// Measures over the events of one trace: call and result pairs, timeline, forensics. Pure
/// functions; uses `event` and `query`.
@NullMarked
package org.agentaudit.analysis;

import org.jspecify.annotations.NullMarked;
