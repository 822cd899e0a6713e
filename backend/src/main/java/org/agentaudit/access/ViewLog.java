package org.agentaudit.access;

import jakarta.inject.Singleton;
import java.util.Collection;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;

/// Notes in the access log what a page or a file is about to show. Call before the answer leaves; a
/// failure means it must not.
@Singleton
public class ViewLog {

    private final AccessLog accessLog;

    ViewLog(AccessLog accessLog) {
        this.accessLog = accessLog;
    }

    /// A report is viewed.
    ///
    /// @param target its address
    public void report(Viewer viewer, String target) {
        accessLog.record(viewer, AccessAction.REPORT_VIEWED, target, null);
    }

    /// Content of events is shown in clear: one entry with their number; none when nothing of it is
    /// shown to this viewer.
    public void content(Viewer viewer, Collection<AuditEvent> events) {
        if (!viewer.mayReadContent()) {
            return;
        }
        long shown = events.stream().filter(event -> !event.content().equals(Content.NONE)).count();
        if (shown > 0) {
            accessLog.record(
                    viewer,
                    AccessAction.CONTENT_REVEALED,
                    shown == 1 ? "1 event" : shown + " events",
                    null);
        }
    }
}
