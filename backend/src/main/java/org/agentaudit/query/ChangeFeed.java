package org.agentaudit.query;

import java.util.List;
import java.util.Set;

/// Changes in a table that can be followed while they happen, by any number of listeners and from
/// several portals on one database. Every change has a number; what decides is the order of the
/// numbers. Nothing is kept here for listeners: they remember how far they have come.
///
/// @param <Q> what a listener asks for and may see, with `equals`: equal questions are read once
/// @param <T> a change, as whoever asks may see it
public interface ChangeFeed<Q, T> {

    /// Up to which number everything is visible that will ever be: no change with such a number
    /// appears later. Asked again and again by one thread.
    long position();

    /// Where somebody begins who listens from now on.
    Start start();

    /// Changes in ascending order of their numbers.
    ///
    /// @param after exclusive
    /// @param upTo  inclusive, at most [#position()]
    /// @param limit changes at most, at least 1
    Part<T> changes(Q question, long after, long upTo, int limit);

    /// The first moment of somebody who listens.
    ///
    /// @param after   changes up to here are not told
    /// @param visible of the later ones, those in these groups are not told either: they were
    ///     visible already. What else has a number after `after` was not.
    record Start(long after, Set<Long> visible) {
        public Start {
            visible = Set.copyOf(visible);
        }

        /// For feeds whose changes become visible in the order of their numbers.
        public static Start after(long number) {
            return new Start(number, Set.of());
        }
    }

    /// A change with its number.
    ///
    /// @param group what it became visible together with, see [Start#visible]
    record Change<T>(long number, long group, T value) {}

    /// A part of the changes asked for.
    ///
    /// @param upTo everything up to here that was asked for is in it
    record Part<T>(List<Change<T>> changes, long upTo) {
        public Part {
            changes = List.copyOf(changes);
        }
    }
}
