/// What events mean: the forensics of one trace as a pure function, what they read;
/// where requests would have cost less. Start at
/// [org.agentaudit.analysis.ForensicsQuery], which reads, and
/// [org.agentaudit.analysis.ForensicsAnalysis], which judges. Uses `event`, `pricing`, `query`,
/// `access` and `web`.
@NullMarked
package org.agentaudit.analysis;

import org.jspecify.annotations.NullMarked;
