package org.agentaudit.access;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps what was logged as `ACTION target`, or fails when told to.
public final class RecordingAccessLog extends AccessLog {
    public final List<String> entries = new ArrayList<>();
    public boolean broken;

    public RecordingAccessLog() {
        super(null, null, null, null);
    }

    @Override
    public void record(
            Viewer viewer, AccessAction action, @Nullable String target, @Nullable String reason) {
        if (broken) {
            throw new IllegalStateException("disk full: secret detail");
        }
        entries.add(action + " " + target);
    }
}
