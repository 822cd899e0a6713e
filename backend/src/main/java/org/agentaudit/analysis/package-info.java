/// What the events of one trace mean: its forensics as a pure function, and the page that shows
/// them. Start at [org.agentaudit.analysis.ForensicsAnalysis]. Uses `event`, `query`, `access` and
/// `web`.
@NullMarked
package org.agentaudit.analysis;

import org.jspecify.annotations.NullMarked;
