package org.agentaudit.delivery;

/// A filter of a list, and where it leads.
///
/// @param current whether the list shows what it lets through
public record MailTab(String label, String href, boolean current) {}
