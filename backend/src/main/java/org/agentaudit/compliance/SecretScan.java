package org.agentaudit.compliance;

import java.time.Instant;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.Evidence;
import org.agentaudit.query.Period;
import org.jspecify.annotations.Nullable;

/// What the last scan of stored events for secrets found; a scan looks for what redaction missed.
public interface SecretScan {

    /// Events of the period in the viewer's scope that the last scan looked at; null when there was
    /// no scan.
    @Nullable Exposure exposure(Viewer viewer, Period period);

    /// The events with a hit.
    Evidence evidence();

    /// Result of a scan.
    ///
    /// @param scannedAt when the scan ended
    /// @param agents    by agent id; agents of whose events none was scanned are absent
    record Exposure(Instant scannedAt, Map<String, Scanned> agents) {
        public Exposure {
            agents = Map.copyOf(agents);
        }
    }

    /// Events of an agent.
    ///
    /// @param events  stored and scanned
    /// @param exposed of these, events in which a detector fires
    record Scanned(long events, long exposed) {}
}
