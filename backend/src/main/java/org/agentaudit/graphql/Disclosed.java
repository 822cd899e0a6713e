package org.agentaudit.graphql;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// What one answer shows to its viewer and the access log therefore has to know before the answer
/// leaves (architecture 18).
final class Disclosed {
    private final Viewer viewer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<UUID> events = new LinkedHashSet<>();
    private final Set<String> reports = new LinkedHashSet<>();

    Disclosed(Viewer viewer) {
        this.viewer = viewer;
    }

    /// Notes that content of an event is in the answer, in clear; masked content is nothing to
    /// note.
    void content(AuditEvent event) {
        content(event.envelope().id());
    }

    /// As [#content(AuditEvent)] for the event with that id.
    void content(UUID event) {
        if (viewer.mayReadContent()) {
            lock.lock();
            try {
                events.add(event);
            } finally {
                lock.unlock();
            }
        }
    }

    /// As [#content(AuditEvent)] if there is a value at all, which it returns.
    @Nullable Object content(AuditEvent event, @Nullable Object value) {
        if (value != null) {
            content(event);
        }
        return value;
    }

    /// Notes that a report is in the answer; one that is there several times counts once.
    void report(String target) {
        lock.lock();
        try {
            reports.add(target);
        } finally {
            lock.unlock();
        }
    }

    int eventCount() {
        return events.size();
    }

    List<String> reports() {
        return List.copyOf(reports);
    }

    /// Commits one entry per report and one for all revealed content.
    ///
    /// @throws RuntimeException when an entry cannot be written: the answer must not leave
    void writeTo(AccessLog accessLog) {
        for (String report : reports) {
            accessLog.record(viewer, AccessAction.REPORT_VIEWED, report, null);
        }
        if (!events.isEmpty()) {
            String target = events.size() == 1 ? "1 event" : events.size() + " events";
            accessLog.record(viewer, AccessAction.CONTENT_REVEALED, target, null);
        }
    }
}
