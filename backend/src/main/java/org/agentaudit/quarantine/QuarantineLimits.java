package org.agentaudit.quarantine;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps quarantine within its size: the items received longest ago go, and the access log says
/// so.
@Singleton
@Requires(property = "portal.background", notEquals = "false")
class QuarantineLimits {
    private static final Logger LOG = LoggerFactory.getLogger(QuarantineLimits.class);
    private static final Viewer PORTAL = new Viewer("portal", Set.of(Role.ADMIN), List.of());
    private static final int STEP = 5_000;

    private final QuarantineRepository repository;
    private final QuarantineConfig config;
    private final AccessLog accessLog;

    QuarantineLimits(
            QuarantineRepository repository, QuarantineConfig config, AccessLog accessLog) {
        this.repository = repository;
        this.config = config;
        this.accessLog = accessLog;
    }

    @Scheduled(initialDelay = "1m", fixedDelay = "5m")
    void follow() {
        try {
            apply();
        } catch (Exception e) {
            // also a SQLException, which leaves a transaction undeclared
            LOG.warn("Quarantine could not be kept within its size: {}", e.toString());
        }
    }

    /// @return items that went
    long apply() {
        long gone = 0;
        while (!Thread.currentThread().isInterrupted()) {
            List<Long> ids = repository.beyond(config.maxBytes(), STEP);
            if (ids.isEmpty()) {
                return gone;
            }
            accessLog.record(
                    PORTAL,
                    AccessAction.QUARANTINE_DELETED,
                    ids.size() + " items beyond the size of quarantine",
                    "at most %d bytes".formatted(config.maxBytes()));
            gone += repository.delete(ids);
        }
        return gone;
    }
}
