/// Finds secrets in texts and by the names of members, and says what to put in their place. Start
/// at [org.agentaudit.ingest.redact.RedactionRules]. Uses only `event`.
@NullMarked
package org.agentaudit.ingest.redact;

import org.jspecify.annotations.NullMarked;
