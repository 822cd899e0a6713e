package org.agentaudit.compliance;

import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluates days that ended or got data later.
@Singleton
@Requires(property = "portal.background", notEquals = "false")
class CheckDayJob {

    private static final Logger LOG = LoggerFactory.getLogger(CheckDayJob.class);
    private static final int DAYS_AT_ONCE = 50;

    private final CheckHistory history;
    private volatile boolean failing;

    CheckDayJob(CheckHistory history) {
        this.history = history;
    }

    @Scheduled(initialDelay = "30s", fixedDelay = "60s")
    void tick() {
        try {
            history.notePastDays();
            history.evaluateDue(DAYS_AT_ONCE);
            failing = false;
        } catch (Exception e) {
            // Tried again in a minute; said once, not with every try.
            if (!failing) {
                LOG.warn("Verdicts of past days will be tried again: {}", e.toString());
            }
            failing = true;
        }
    }
}
