/// Who gets which report by mail: subscriptions, and the outbox of deliveries. Knows reports by
/// their kind and day, never events. Start at [org.agentaudit.delivery.ReportSubscriptions]. Uses
/// `store`, `query`, `report`, `alert`, `mail`, `access` and `web`.
@NullMarked
package org.agentaudit.delivery;

import org.jspecify.annotations.NullMarked;
