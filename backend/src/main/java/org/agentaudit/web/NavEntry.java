package org.agentaudit.web;

/// An entry of the main navigation.
///
/// @param label   words shown
/// @param href    local address
/// @param current whether the current page belongs to it (`aria-current`)
public record NavEntry(String label, String href, boolean current) {}
