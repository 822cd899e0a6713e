package org.agentaudit.graphql;

import org.agentaudit.query.Page;
import org.jspecify.annotations.Nullable;

/// A Relay connection over a page.
///
/// @param total asked only when the answer needs it; null when the schema has no count of the list
record Connection<T>(Page<T> page, @Nullable Total total) {

    Connection(Page<T> page) {
        this(page, null);
    }

    /// Counts everything the page is a part of.
    interface Total {
        long count();
    }

    long totalCount() {
        if (total == null) {
            throw new IllegalStateException("the schema has no count of this list");
        }
        return total.count();
    }

    /// Registers `edges`, `nodes` and `pageInfo` of a connection type.
    static void register(FieldRegistry fields, String type) {
        fields.value(type, "edges", Connection.class, connection -> connection.page().edges());
        fields.value(type, "nodes", Connection.class, connection -> connection.page().nodes());
        fields.value(type, "pageInfo", Connection.class, Connection::page);
    }
}
