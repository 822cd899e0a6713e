package org.agentaudit.export;

import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessDeniedException;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.retention.Holds;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/// Writes the events a viewer may see to a file, oldest first. It reads page after page by keyset,
/// each in a transaction of its own: a slow reader holds neither a connection nor old row versions,
/// and no more than one page is in memory.
@Singleton
public class EventExport {

    /// Events of a page: more while they are small, fewer while they are large.
    private static final int FEWEST = 10;
    private static final int FIRST = 100;
    private static final int MOST = 500;
    private static final int SMALL = 1 << 20;
    private static final int LARGE = 8 << 20;

    private final EventQuery events;
    private final RetentionPolicy retention;
    private final Holds holds;
    private final AccessLog accessLog;

    EventExport(EventQuery events, RetentionPolicy retention, Holds holds, AccessLog accessLog) {
        this.events = events;
        this.retention = retention;
        this.holds = holds;
        this.accessLog = accessLog;
    }

    /// Begins an export, after the access log knows of it and of the content it reveals.
    ///
    /// @param target for the access log: what is exported
    /// @throws BadInputException     when the filter is malformed
    /// @throws AccessDeniedException when the viewer may not read, or not filter like this
    public Parts begin(Viewer viewer, EventFilter filter, ExportFormat format, String target) {
        long count = events.count(viewer, filter);
        accessLog.record(viewer, AccessAction.EXPORTED, target, null);
        if (viewer.mayReadContent() && count > 0) {
            accessLog.record(
                    viewer,
                    AccessAction.CONTENT_REVEALED,
                    count == 1 ? "1 event" : count + " events",
                    null);
        }
        return new Parts(viewer, filter, format);
    }

    /// One export; for one thread at a time.
    public final class Parts {
        private final Viewer viewer;
        private final EventFilter filter;
        private final ExportFormat format;
        private @Nullable String cursor;
        private int size = FIRST;
        private boolean begun;
        private boolean ended;
        private long count;

        private Parts(Viewer viewer, EventFilter filter, ExportFormat format) {
            this.viewer = viewer;
            this.filter = filter;
            this.format = format;
        }

        /// The next bytes of the file; null after the last. The first part is never null, so that a
        /// CSV file without events has its header.
        public byte @Nullable [] next() {
            if (ended) {
                return null;
            }
            Page<AuditEvent> page =
                    events.find(
                            viewer,
                            filter,
                            EventOrder.OLDEST_FIRST,
                            PageRequest.first(size, cursor));
            List<AuditEvent> found = page.nodes();
            byte[] part = EventEncoder.encode(found, format, expiry(found), !begun);
            begun = true;
            ended = !page.hasNextPage();
            cursor = page.endCursor();
            count += found.size();
            if (part.length < SMALL) {
                size = Math.min(MOST, 2 * size);
            } else if (part.length > LARGE) {
                size = Math.max(FEWEST, size / 4);
            }
            return part;
        }

        private Function<Envelope, @Nullable LocalDate> expiry(List<AuditEvent> found) {
            Set<String> held =
                    holds.held(
                            found.stream()
                                    .map(event -> event.envelope().traceId())
                                    .collect(Collectors.toSet()));
            return event -> held.contains(event.traceId()) ? null : retention.expiresOn(event);
        }

        /// Events written so far.
        public long count() {
            return count;
        }
    }
}
