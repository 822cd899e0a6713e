package org.agentaudit.graphql;

import org.agentaudit.query.Page;

/// A Relay connection over a page.
///
/// @param total asked only when the answer needs it
record Connection<T>(Page<T> page, Total total) {

    /// Counts everything the page is a part of.
    interface Total {
        long count();
    }

    /// Registers `edges`, `nodes` and `pageInfo` of a connection type.
    static void register(FieldRegistry fields, String type) {
        fields.value(type, "edges", Connection.class, connection -> connection.page().edges());
        fields.value(type, "nodes", Connection.class, connection -> connection.page().nodes());
        fields.value(type, "pageInfo", Connection.class, Connection::page);
    }
}
