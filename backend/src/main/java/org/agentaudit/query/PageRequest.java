package org.agentaudit.query;

import org.jspecify.annotations.Nullable;

/// Which part of a list to read (Relay cursor connections). `first` with `after` reads forwards,
/// `last` with `before` backwards; without either the first 50 are read.
///
/// @param first  0 to 1000
/// @param after  cursor the part starts after
/// @param last   0 to 1000
/// @param before cursor the part ends before
public record PageRequest(
        @Nullable Integer first,
        @Nullable String after,
        @Nullable Integer last,
        @Nullable String before) {

    public static final int DEFAULT_SIZE = 50;
    public static final int MAXIMUM_SIZE = 1000;

    public PageRequest {
        check("first", first);
        check("last", last);
        if (first != null && last != null) {
            throw new BadInputException("Give 'first' or 'last', not both.");
        }
    }

    public static PageRequest first(int first, @Nullable String after) {
        return new PageRequest(first, after, null, null);
    }

    /// Whether the part is read from the end of the list.
    public boolean backwards() {
        return last != null;
    }

    public int size() {
        if (last != null) {
            return last;
        }
        return first == null ? DEFAULT_SIZE : first;
    }

    private static void check(String name, @Nullable Integer value) {
        if (value != null && (value < 0 || value > MAXIMUM_SIZE)) {
            throw new BadInputException("'" + name + "' must be 0 to " + MAXIMUM_SIZE + ".");
        }
    }
}
