package org.agentaudit.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The batches that events are looked up in. Events come about in the order of arrival, so batches
/// are loaded in runs and the least used ones are forgotten. Not thread-safe.
final class Places {
    private static final long LOAD_BYTES = 4L << 20;
    private static final long KEEP_BYTES = 48L << 20;

    /// What a batch costs beside its leaves, roughly.
    private static final long OVERHEAD_BYTES = 300;

    private static final Place NONE = new Place(null);

    private final VerifyRepository repository;
    private final Connection connection;
    private final LinkedHashMap<Long, Place> known = new LinkedHashMap<>(1024, 0.75f, true);
    private long bytes;

    Places(VerifyRepository repository, Connection connection) {
        this.repository = repository;
        this.connection = connection;
    }

    /// A batch; one without leaves when there is none of that number.
    Place of(long batch) throws SQLException {
        Place place = known.get(batch);
        if (place != null) {
            return place;
        }
        Map<Long, Place> loaded = repository.places(connection, batch, LOAD_BYTES);
        loaded.putIfAbsent(batch, NONE);
        loaded.forEach(
                (number, each) -> {
                    if (known.put(number, each) == null) {
                        bytes += each.bytes() + OVERHEAD_BYTES;
                    }
                });
        place = known.get(batch);
        var oldest = known.entrySet().iterator();
        while (bytes > KEEP_BYTES && oldest.hasNext()) {
            Map.Entry<Long, Place> entry = oldest.next();
            if (entry.getKey() != batch) {
                bytes -= entry.getValue().bytes() + OVERHEAD_BYTES;
                oldest.remove();
            }
        }
        return place == null ? NONE : place;
    }
}
