package org.agentaudit.event;

/// Something an action touched.
///
/// @param type       kind of resource, for example `database_table`
/// @param identifier name of the resource within its kind
public record ResourceRef(String type, String identifier) {}
