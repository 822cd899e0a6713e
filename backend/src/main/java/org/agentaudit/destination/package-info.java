/// Copies of accepted events to other places: a rotating file, VictoriaLogs. The log itself is the
/// outbox, one row per destination says how far it has come. Start from
/// [org.agentaudit.destination.Destinations].
@NullMarked
package org.agentaudit.destination;

import org.jspecify.annotations.NullMarked;
