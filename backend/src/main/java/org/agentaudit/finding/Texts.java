package org.agentaudit.finding;

import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Content of stored events, read one by one so that a large trace is never held whole.
interface Texts {

    /// Takes one event's content.
    interface Reader {
        /// @param params JSON text, cut when very long; null when there is none
        /// @param result the same
        void read(UUID eventId, @Nullable String params, @Nullable String result);
    }

    /// Reads those of the events whose content is still stored, in no particular order.
    void each(Collection<UUID> eventIds, Reader reader) throws SQLException;
}
