package org.agentaudit.ingest;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/// Counts items since the start. Every item received is stored, a duplicate or rejected; a request
/// that fails as a whole counts nowhere.
@Singleton
public final class IngestCounters {
    private final LongAdder received = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder rejected = new LongAdder();

    void count(IngestResult result) {
        int refused = result.rejected().size();
        received.add((long) result.accepted() + result.duplicates() + refused);
        stored.add(result.accepted());
        duplicates.add(result.duplicates());
        rejected.add(refused);
    }

    /// Items of all requests that were answered.
    public long received() {
        return received.sum();
    }

    public long stored() {
        return stored.sum();
    }

    public long duplicates() {
        return duplicates.sum();
    }

    public long rejected() {
        return rejected.sum();
    }
}
