package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends webhooks from the outbox: at least once, each attempt by one portal, ten attempts over
/// about sixteen hours. All attempts of one have the same `webhook-id`.
@Singleton
class WebhookDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDeliveries.class);
    private static final int AT_ONCE = 10;
    private static final List<Duration> WAITS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(30),
                    Duration.ofHours(1),
                    Duration.ofHours(2),
                    Duration.ofHours(4),
                    Duration.ofHours(8));
    private static final Duration SPARE = Duration.ofSeconds(30);
    private static final int GONE = 410;

    private final TransactionOperations<Connection> transactions;
    private final AlertDeliveryRepository repository;
    private final WebhookAddresses addresses;
    private final WebhookClient client;
    private final AlertConfig config;
    private final Clock clock;

    WebhookDeliveries(
            TransactionOperations<Connection> transactions,
            AlertDeliveryRepository repository,
            WebhookAddresses addresses,
            WebhookClient client,
            AlertConfig config,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.addresses = addresses;
        this.client = client;
        this.config = config;
        this.clock = clock;
    }

    /// Makes one attempt at each that is due, several at once, so that one that stalls holds up no
    /// more than its round.
    ///
    /// @return how many attempts were made
    int sendDue() {
        Instant now = now();
        Instant until = now.plus(config.webhookTimeout()).plus(SPARE);
        List<AlertDeliveryRepository.Due> due =
                transactions.executeWrite(
                        status ->
                                repository.claim(
                                        status.getConnection(),
                                        AlertDelivery.Channel.WEBHOOK,
                                        now,
                                        until,
                                        AT_ONCE));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            due.forEach(one -> threads.execute(() -> sendOrLog(one)));
        }
        return due.size();
    }

    private void sendOrLog(AlertDeliveryRepository.Due due) {
        try {
            send(due);
        } catch (Exception e) { // of the database's too, which nobody declares
            LOG.warn("What became of webhook {} is not noted: {}", due.id(), e.toString());
        }
    }

    private void send(AlertDeliveryRepository.Due due) {
        String error;
        boolean last = due.attempt() > WAITS.size();
        try {
            URI address = addresses.require(due.target());
            byte[] key = WebhookSignature.key(config.webhookSecret());
            int status = client.post(address, headers(key, due), due.body());
            if (status / 100 == 2) {
                transactions.executeWrite(
                        transaction -> {
                            repository.sent(transaction.getConnection(), due, now());
                            return true;
                        });
                return;
            }
            error = "answered " + status;
            last = last || status == GONE;
        } catch (IOException e) {
            error = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        } catch (BadInputException e) {
            // Trying again changes nothing: the settings do not allow it.
            error = "not sent: " + e.getMessage();
            last = true;
        }
        failed(due, error, last ? null : now().plus(WAITS.get(due.attempt() - 1)));
    }

    private void failed(AlertDeliveryRepository.Due due, String error, @Nullable Instant next) {
        transactions.executeWrite(
                transaction -> {
                    repository.failed(transaction.getConnection(), due, error, next);
                    return true;
                });
    }

    private Map<String, String> headers(byte[] key, AlertDeliveryRepository.Due due) {
        String id = "alert-delivery-" + due.id();
        long timestamp = clock.instant().getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "agent-audit-portal");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(timestamp));
        headers.put("webhook-signature", WebhookSignature.of(key, id, timestamp, due.body()));
        return headers;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
