package org.agentaudit.access;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Settings of sign-in.
///
/// @param accessTokenLife how long an access token is valid before it must be refreshed
/// @param sessionLife     how long a sign-in lasts, in the browser and with refresh tokens alike
/// @param signingKey      Base64 of at least 32 bytes that sign access tokens and form tokens;
///      several portals on one database share it. Null: a key made at first start is kept in the
///      data folder
@ConfigurationProperties("portal.access")
record AccessConfig(
        @NotNull @Bindable(defaultValue = "15m") Duration accessTokenLife,
        @NotNull @Bindable(defaultValue = "12h") Duration sessionLife,
        @Nullable String signingKey) {}
