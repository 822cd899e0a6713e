package org.agentaudit.admin;

import java.util.List;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLogEntry;
import org.jspecify.annotations.Nullable;

/// The access log; model of `views/admin/access-log.html`.
///
/// @param problem   why the filter cannot be used; null when it can
/// @param entries   newest first
/// @param firstHref the newest part of the list; null on it
/// @param olderHref null on the last part
/// @param csvHref   all entries of the filter as a file
/// @param zone      of the days in the filter
/// @param limited whether what others read is hidden from the viewer, who is limited to some agents
/// @param manages   whether the viewer is an administrator
public record AccessLogPage(
        AccessLogSearch search,
        @Nullable String problem,
        List<AccessLogEntry> entries,
        List<AccessAction> actions,
        @Nullable String firstHref,
        @Nullable String olderHref,
        String csvHref,
        String zone,
        boolean limited,
        boolean manages) {

    public AccessLogPage {
        entries = List.copyOf(entries);
        actions = List.copyOf(actions);
    }
}
