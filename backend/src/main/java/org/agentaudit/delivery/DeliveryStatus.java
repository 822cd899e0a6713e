package org.agentaudit.delivery;

/// What became of a mail.
public enum DeliveryStatus {
    PENDING,
    SENT,
    FAILED
}
