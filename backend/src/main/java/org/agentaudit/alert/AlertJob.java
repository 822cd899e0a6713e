package org.agentaudit.alert;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Requires;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.annotation.PostConstruct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the built-in rules at the start, then evaluates what is due and sends what waits.
@Context
@Requires(property = "portal.background", notEquals = "false")
class AlertJob {

    private static final Logger LOG = LoggerFactory.getLogger(AlertJob.class);

    private final DefaultAlertRules defaults;
    private final AlertEvaluation evaluation;
    private final WebhookDeliveries deliveries;
    private final MailDeliveries mails;
    private volatile boolean evaluationFails;
    private volatile boolean deliveryFails;
    private volatile boolean mailFails;

    AlertJob(
            DefaultAlertRules defaults,
            AlertEvaluation evaluation,
            WebhookDeliveries deliveries,
            MailDeliveries mails) {
        this.defaults = defaults;
        this.evaluation = evaluation;
        this.deliveries = deliveries;
        this.mails = mails;
    }

    @PostConstruct
    void start() {
        defaults.ensure();
    }

    @Scheduled(initialDelay = "10s", fixedDelay = "5s")
    void evaluate() {
        try {
            evaluation.evaluateDue();
            evaluationFails = false;
        } catch (Exception e) {
            // Tried again in a moment; said once, not with every try.
            if (!evaluationFails) {
                LOG.warn("Evaluating alert rules failed and will be tried again: {}", e.toString());
            }
            evaluationFails = true;
        }
    }

    @Scheduled(initialDelay = "5s", fixedDelay = "2s")
    void deliver() {
        try {
            deliveries.sendDue();
            deliveryFails = false;
        } catch (Exception e) {
            if (!deliveryFails) {
                LOG.warn("Sending webhooks failed and will be tried again: {}", e.toString());
            }
            deliveryFails = true;
        }
    }

    @Scheduled(initialDelay = "5s", fixedDelay = "2s")
    void mail() {
        try {
            mails.sendDue();
            mailFails = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!mailFails) {
                LOG.warn("Sending mails of alerts failed, will be tried again: {}", e.toString());
            }
            mailFails = true;
        }
    }
}
