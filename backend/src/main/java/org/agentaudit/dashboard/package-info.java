/// The home page and the command box: puts together what other features computed. Uses `event`,
/// `query`, `analysis`, `compliance`, `report`, `access` and `web`.
@NullMarked
package org.agentaudit.dashboard;

import org.jspecify.annotations.NullMarked;
