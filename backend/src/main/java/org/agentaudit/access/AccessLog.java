package org.agentaudit.access;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/// Who looked at what (architecture 18): an entry is committed before the data it speaks of leaves the portal.
@Singleton
public class AccessLog {

    /// Commits one entry; the remote address is that of the current request, if there is one.
    ///
    /// @param target what was read or changed, for instance a path or `12 events`
    /// @param reason why, when the viewer gave one
    /// @throws RuntimeException when the entry cannot be written; the caller must then not answer with the data
    public void record(
            Viewer viewer, AccessAction action, @Nullable String target, @Nullable String reason) {
        throw new UnsupportedOperationException();
    }
}
