package org.agentaudit.quarantine;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Positive;

/// How much quarantine keeps; the items that were received longest ago go first. How long is
/// retention's to say.
///
/// @param maxBytes bytes of all bodies together
@ConfigurationProperties("portal.quarantine")
record QuarantineConfig(@Bindable(defaultValue = "1073741824") @Positive long maxBytes) {}
