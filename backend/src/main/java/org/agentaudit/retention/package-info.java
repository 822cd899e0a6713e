/// Retention and disposal (NIST SP 800-53 AU-11): how long events and their content live, legal
/// holds, the run that removes what has expired, erasure of one person's content, and the record of
/// all of it. Start at [org.agentaudit.retention.Retention]. Uses `event`, `store`, `query` (which
/// keeps the numbers of what expires), `access` and `web`.
@NullMarked
package org.agentaudit.retention;

import org.jspecify.annotations.NullMarked;
