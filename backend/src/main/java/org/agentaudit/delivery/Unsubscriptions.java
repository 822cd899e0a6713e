package org.agentaudit.delivery;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.agentaudit.access.AccessLog;

/// Links by which recipients end a subscription themselves, without signing in. Each mail has one
/// of its own with 256 random bits, of which the portal keeps the hash.
@Singleton
class Unsubscriptions {

    private static final String ACTOR = "unsubscribe link";
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TransactionOperations<Connection> transactions;
    private final DeliveryRepository repository;
    private final AccessLog accessLog;
    private final Clock clock;

    Unsubscriptions(
            TransactionOperations<Connection> transactions,
            DeliveryRepository repository,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// A new token for one mail.
    String make(long subscription, String recipient) {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        transactions.executeWrite(
                status -> {
                    repository.insertToken(
                            status.getConnection(), hash(token), subscription, recipient, now());
                    return true;
                });
        return token;
    }

    /// What a token ends; empty when it is none of ours.
    Optional<DeliveryRepository.Unsubscription> find(String token) {
        return transactions.executeRead(
                status -> repository.token(status.getConnection(), hash(token)));
    }

    /// Ends it; once or many times is the same.
    ///
    /// @return what it ended, now or before; empty when the token is none of ours
    Optional<DeliveryRepository.Unsubscription> use(String token) {
        byte[] hash = hash(token);
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    Optional<DeliveryRepository.Unsubscription> found =
                            repository.token(connection, hash);
                    if (found.isPresent() && found.get().there()) {
                        repository.unsubscribe(connection, hash, found.get(), now());
                        accessLog.appendSettingsChange(
                                connection,
                                ACTOR,
                                "report subscription %d: %s unsubscribed"
                                        .formatted(
                                                found.get().subscription(),
                                                found.get().recipient()),
                                null);
                    }
                    return found;
                });
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
