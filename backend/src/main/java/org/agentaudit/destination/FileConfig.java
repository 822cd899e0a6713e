package org.agentaudit.destination;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// The rotating file that accepted events are copied to.
///
/// @param folder   where its parts lie; null or empty: no file
/// @param maxBytes a part that has grown to this size is closed and compressed
/// @param days     compressed parts are removed after this many days
/// @param content  whether params, results, reasoning, messages and user ids go along
@ConfigurationProperties("portal.file")
record FileConfig(
        @Nullable String folder,
        @Bindable(defaultValue = "104857600") @Positive long maxBytes,
        @Bindable(defaultValue = "30") @Positive int days,
        @Bindable(defaultValue = "true") boolean content) {}
