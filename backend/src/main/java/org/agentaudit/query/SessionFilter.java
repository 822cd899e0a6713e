package org.agentaudit.query;

import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.Source;
import org.jspecify.annotations.Nullable;

/// Which sessions of a period to read. A null part restricts nothing. Of several parts each may be
/// fulfilled by another event of the session.
///
/// @param agentId with an event of this agent
/// @param userId  with an event on behalf of this user
/// @param taskId  with an event of this task
/// @param source  with an event of this source
/// @param errored true: with an errored event; false: without one
public record SessionFilter(
        @Nullable String agentId,
        @Nullable String userId,
        @Nullable String taskId,
        @Nullable Source source,
        @Nullable Boolean errored) {

    public static final SessionFilter ALL = new SessionFilter(null, null, null, null, null);

    /// Whom a session was for is content.
    void requireAllowed(Viewer viewer) {
        if (userId != null && !viewer.mayReadContent()) {
            throw new AccessDeniedException(
                    "Content is masked for your role, so sessions cannot be filtered by user.");
        }
    }
}
