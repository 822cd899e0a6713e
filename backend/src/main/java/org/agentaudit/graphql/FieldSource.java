package org.agentaudit.graphql;

/// Answers a part of the schema's fields.
interface FieldSource {

    /// Registers the fields at start.
    void register(FieldRegistry fields);
}
