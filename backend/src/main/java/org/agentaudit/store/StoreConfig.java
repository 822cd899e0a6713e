package org.agentaudit.store;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Min;

/// Settings of the append side.
///
/// @param writers       commits that may be under way at once
/// @param commitEvents  events after which a commit takes no further batch
/// @param waitingEvents events that may wait for a commit; beyond it the answer is 429
/// @param busyPerSecond events stored in a second from which work that can wait takes rests
@ConfigurationProperties("portal.store")
record StoreConfig(
        @Bindable(defaultValue = "2") @Min(1) int writers,
        @Bindable(defaultValue = "5000") @Min(1) int commitEvents,
        @Bindable(defaultValue = "50000") @Min(1) int waitingEvents,
        @Bindable(defaultValue = "1000") @Min(1) int busyPerSecond) {}
