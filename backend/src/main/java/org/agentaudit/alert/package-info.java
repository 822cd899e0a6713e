/// Alert rules and alerts: a small pipeline language over events and findings (grammar:
/// [org.agentaudit.alert.ConditionParser]), compiled to SQL with bound parameters, evaluated on
/// time, with firing, acknowledged and resolved alerts and an outbox of what is sent about them.
/// Start at [org.agentaudit.alert.AlertRules] and [org.agentaudit.alert.AlertEvaluation]. Uses
/// `event`, `store`, `database`, `query`, `analysis`, `finding`, `mail`, `access` and `web`.
@NullMarked
package org.agentaudit.alert;

import org.jspecify.annotations.NullMarked;
