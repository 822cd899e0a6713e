package org.agentaudit.finding;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;

/// Keeps the search for secrets going.
@Singleton
@Requires(property = "portal.background", notEquals = "false")
class SecretScanJob {

    private final SecretScan scan;

    SecretScanJob(SecretScan scan) {
        this.scan = scan;
    }

    @Scheduled(initialDelay = "20s", fixedDelay = "20s")
    void follow() {
        scan.follow();
    }
}
