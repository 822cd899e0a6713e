/// Items that could not be understood as events: shown to administrators, tried again through the
/// pipeline, deleted, kept within limits. Start from [org.agentaudit.quarantine.Quarantine].
@NullMarked
package org.agentaudit.quarantine;

import org.jspecify.annotations.NullMarked;
