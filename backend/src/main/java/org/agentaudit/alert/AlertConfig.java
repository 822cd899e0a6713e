package org.agentaudit.alert;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;

/// Settings of alerts (`PORTAL_ALERTS_…`).
///
/// @param every          shortest time from one evaluation of a rule to the next
/// @param late           past windows are evaluated once more after this time
/// @param statementLimit longest run of one statement of an evaluation
/// @param dryRunLimit    longest dry run
/// @param targets        `name=target target;name=target`, see [AlertTargets]
/// @param webhookHosts   hosts, with or without port, that webhooks may be sent to, separated by
///     commas; empty for none
/// @param webhookPrivate also plain HTTP and addresses that are not public
/// @param webhookSecret  signs webhooks; empty: none are sent
/// @param webhookTimeout longest attempt
@ConfigurationProperties("portal.alerts")
record AlertConfig(
        @Bindable(defaultValue = "30s") @NotNull Duration every,
        @Bindable(defaultValue = "1h") @NotNull Duration late,
        @Bindable(defaultValue = "10s") @NotNull Duration statementLimit,
        @Bindable(defaultValue = "20s") @NotNull Duration dryRunLimit,
        @Bindable(defaultValue = "") @NotNull String targets,
        @Bindable(defaultValue = "") @NotNull String webhookHosts,
        @Bindable(defaultValue = "false") boolean webhookPrivate,
        @Bindable(defaultValue = "") @NotNull String webhookSecret,
        @Bindable(defaultValue = "10s") @NotNull Duration webhookTimeout) {}
