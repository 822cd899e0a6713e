package org.agentaudit.query;

/// By `occurredAt`, then arrival.
public enum EventOrder {
    NEWEST_FIRST,
    OLDEST_FIRST
}
