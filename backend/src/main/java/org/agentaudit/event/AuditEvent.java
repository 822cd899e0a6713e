package org.agentaudit.event;

/// One step of an agent: the lasting envelope and the content that may expire.
public record AuditEvent(Envelope envelope, Content content) {

    /// One line for people: in clear while the content is there and may be seen, masked otherwise.
    public String summary() {
        String clear = content.summary();
        return clear == null ? envelope.summary() : clear;
    }
}
