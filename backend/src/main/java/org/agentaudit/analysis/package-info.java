/// What the events of one trace mean: its forensics as a pure function, what they read, and the
/// page that shows them. Start at [org.agentaudit.analysis.ForensicsQuery], which reads, and
/// [org.agentaudit.analysis.ForensicsAnalysis], which judges. Uses `event`, `query`, `access` and
/// `web`.
@NullMarked
package org.agentaudit.analysis;

import org.jspecify.annotations.NullMarked;
