package org.agentaudit.delivery;

/// What a link to unsubscribe shows.
///
/// @param action    where the button leads
/// @param known     whether the link is one of ours
/// @param done      whether the subscription is ended already
/// @param report    what it is a subscription to
/// @param recipient shortened, since whoever has the link sees it
public record UnsubscribePage(
        String action, boolean known, boolean done, String report, String recipient) {}
