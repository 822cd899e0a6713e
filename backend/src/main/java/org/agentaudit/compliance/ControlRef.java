package org.agentaudit.compliance;

/// Names a control.
///
/// @param framework for instance `EU AI Act`
/// @param control   its id in the framework, for instance `26(6)`
/// @param title     what it is about, in our words
public record ControlRef(String framework, String control, String title) {}
