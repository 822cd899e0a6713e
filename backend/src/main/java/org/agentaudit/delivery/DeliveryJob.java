package org.agentaudit.delivery;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Queues report mails when they are due and sends what waits.
@Context
@Requires(property = "portal.background", notEquals = "false")
class DeliveryJob {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryJob.class);

    private final ReportSchedule schedule;
    private final ReportDeliveries deliveries;
    private volatile boolean scheduleFails;
    private volatile boolean deliveryFails;

    DeliveryJob(ReportSchedule schedule, ReportDeliveries deliveries) {
        this.schedule = schedule;
        this.deliveries = deliveries;
    }

    @Scheduled(initialDelay = "5s", fixedDelay = "15s")
    void queue() {
        try {
            schedule.queueDue();
            scheduleFails = false;
        } catch (Exception e) {
            // Tried again in a moment; said once, not with every try.
            if (!scheduleFails) {
                LOG.warn("Queueing report mails failed, will be tried again: {}", e.toString());
            }
            scheduleFails = true;
        }
    }

    @Scheduled(initialDelay = "5s", fixedDelay = "2s")
    void send() {
        try {
            deliveries.sendDue();
            deliveryFails = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!deliveryFails) {
                LOG.warn("Sending report mails failed, will be tried again: {}", e.toString());
            }
            deliveryFails = true;
        }
    }
}
