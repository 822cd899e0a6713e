package org.agentaudit.retention;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import org.agentaudit.access.AccessLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs retention once a day at its time, later when the portal was not up then, and goes on with
/// a run that did not get to its end. Of several portals on one database one runs.
@Singleton
@Requires(property = "portal.background", notEquals = "false")
class RetentionJob {

    private static final Logger LOG = LoggerFactory.getLogger(RetentionJob.class);

    private final Expiry expiry;
    private final RetentionStatus status;
    private final PolicyRecord policyRecord;
    private final RetentionConfig config;
    private final Clock clock;
    private volatile boolean noted;

    RetentionJob(
            Expiry expiry,
            RetentionStatus status,
            PolicyRecord policyRecord,
            RetentionConfig config,
            Clock clock) {
        this.expiry = expiry;
        this.status = status;
        this.policyRecord = policyRecord;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(initialDelay = "20s", fixedDelay = "60s")
    void tick() {
        try {
            if (!noted) {
                policyRecord.note(AccessLog.PORTAL_START);
                noted = true;
            }
            Instant next = config.automatic() ? status.nextRun() : null;
            if (next != null && !next.isAfter(clock.instant())) {
                expiry.run(null, RetentionJob::log);
            }
        } catch (Exception e) {
            // Statements and rows are not in the message; the next minute, or run, tries again.
            LOG.warn("Retention failed and will be tried again: {}", e.toString());
        }
    }

    private static void log(RetentionRun run) {
        LOG.info(
                "Retention {}: {} events of {} traces and the content of {} events removed, {} quarantined items,"
                        + " {} tables dropped; {} expired traces under holds{}",
                run.state(),
                run.events(),
                run.traces(),
                run.contents(),
                run.quarantined(),
                run.partitions(),
                run.held(),
                run.message() == null ? "" : " (" + run.message() + ")");
    }
}
