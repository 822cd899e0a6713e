/// Audit log storage (NIST SP 800-53 AU-4): appends batches, keeps roll-ups in the same
/// transaction. The only writer of `audit_event`. Start at
/// [org.agentaudit.store.EventStore]. Uses `event`,
/// `proof` and `database`.
@NullMarked
package org.agentaudit.store;

import org.jspecify.annotations.NullMarked;
