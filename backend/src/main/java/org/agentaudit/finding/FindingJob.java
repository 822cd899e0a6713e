package org.agentaudit.finding;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;

/// Looks for findings as traces settle, so that a report that reads them has little left to do.
@Singleton
@Requires(property = "portal.background", notEquals = "false")
class FindingJob {

    private final FindingWork work;

    FindingJob(FindingWork work) {
        this.work = work;
    }

    @Scheduled(initialDelay = "5s", fixedDelay = "3s")
    void follow() {
        work.follow();
    }
}
