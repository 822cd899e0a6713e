/// Verification (NIST SP 800-53 AU-9, AU-10): recomputes leaves from the stored rows and counters
/// from the stored events, and tells what differs. Start at [org.agentaudit.verify.StoreVerifier].
/// Only reads. Uses `event`, `proof` and `store`.
@NullMarked
package org.agentaudit.verify;

import org.jspecify.annotations.NullMarked;
