package org.agentaudit.alert;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One key's way from firing to recovery, one evaluation after the other. Alerts, the second look
/// at past windows and dry runs all go by it.
///
/// @param clearSince first of the present evaluations in a row that did not fire; null when the
///     latest did
/// @param resolvedAt null while it fires
record Episode(Instant firedAt, @Nullable Instant clearSince, @Nullable Instant resolvedAt) {

    static Episode fired(Instant at) {
        return new Episode(at, null, null);
    }

    Episode hit() {
        return new Episode(firedAt, null, null);
    }

    Episode miss(Instant at, Duration calm) {
        Instant since = clearSince == null ? at : clearSince;
        boolean over = !since.plus(calm).isAfter(at);
        return new Episode(firedAt, since, over ? at : null);
    }
}
