package org.agentaudit.query;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A part of a list with its place in it.
public record Page<T>(List<Edge<T>> edges, boolean hasNextPage, boolean hasPreviousPage) {

    public Page {
        edges = List.copyOf(edges);
    }

    /// One element and its opaque cursor.
    public record Edge<T>(String cursor, T node) {}

    public List<T> nodes() {
        return edges.stream().map(Edge::node).toList();
    }

    public @Nullable String startCursor() {
        return edges.isEmpty() ? null : edges.getFirst().cursor();
    }

    public @Nullable String endCursor() {
        return edges.isEmpty() ? null : edges.getLast().cursor();
    }

    public <U> Page<U> map(Function<T, U> function) {
        return new Page<>(
                edges.stream()
                        .map(edge -> new Edge<>(edge.cursor(), function.apply(edge.node())))
                        .toList(),
                hasNextPage,
                hasPreviousPage);
    }
}
