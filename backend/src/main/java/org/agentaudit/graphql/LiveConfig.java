package org.agentaudit.graphql;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/// What subscriptions may cost the portal (settings `PORTAL_SUBSCRIPTIONS_…`), each portal for
/// itself.
///
/// @param connections     WebSocket connections and event streams open at once
/// @param perConnection   operations running at once on one WebSocket connection
/// @param perViewer       subscriptions of one user, or API key, at once
/// @param buffer          changes that wait for one subscription
/// @param longestBehind   a subscription that is behind for longer is cut off
/// @param sendWithin      a client that takes no message for longer is cut off
/// @param poll            wait before asking the database again when there is nothing new
/// @param recheck         how often it is looked at whether the viewer is still who they were
/// @param initWithin      time for `connection_init`
/// @param ping            how often a client is asked whether it is there; one that says nothing
///     for three times as long is cut off
/// @param idle            a connection without a running operation is closed after it
/// @param maxMessageBytes largest message of a client, its characters in UTF-8
@ConfigurationProperties("portal.subscriptions")
record LiveConfig(
        @Bindable(defaultValue = "500") int connections,
        @Bindable(defaultValue = "20") int perConnection,
        @Bindable(defaultValue = "50") int perViewer,
        @Bindable(defaultValue = "100") int buffer,
        @Bindable(defaultValue = "30s") Duration longestBehind,
        @Bindable(defaultValue = "15s") Duration sendWithin,
        @Bindable(defaultValue = "200ms") Duration poll,
        @Bindable(defaultValue = "3s") Duration recheck,
        @Bindable(defaultValue = "10s") Duration initWithin,
        @Bindable(defaultValue = "20s") Duration ping,
        @Bindable(defaultValue = "5m") Duration idle,
        @Bindable(defaultValue = "262144") int maxMessageBytes) {}
