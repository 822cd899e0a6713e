package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.agentaudit.access.AccessLog;
import org.agentaudit.event.RetentionTier;

/// Notices that the policy in force is another one than before, and keeps that in the access log.
@Singleton
class PolicyRecord {

    private final TransactionOperations<Connection> transactions;
    private final RunRepository repository;
    private final RetentionConfig config;
    private final AccessLog accessLog;
    private final Clock clock;

    PolicyRecord(
            TransactionOperations<Connection> transactions,
            RunRepository repository,
            RetentionConfig config,
            AccessLog accessLog,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.config = config;
        this.accessLog = accessLog;
        this.clock = clock;
    }

    /// Compares with the policy last recorded and records a change. Before anything is removed
    /// under the policy.
    ///
    /// @param actor who brought the settings: the start of the portal or a command
    void note(String actor) {
        RetentionPolicy now = config.policy();
        transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    repository.lockPolicy(connection);
                    Optional<RetentionPolicy> before = repository.lastPolicy(connection);
                    if (before.isPresent() && before.get().equals(now)) {
                        return false;
                    }
                    repository.recordPolicy(connection, now, config.sources(), clock.instant());
                    if (before.isPresent()) {
                        accessLog.appendSettingsChange(
                                connection,
                                actor,
                                "retention: " + changes(before.get(), now),
                                config.sources());
                    }
                    return true;
                });
    }

    /// `DEBUG 184 → 7 days (lowered)`, one after the other.
    static String changes(RetentionPolicy before, RetentionPolicy now) {
        List<String> changes = new ArrayList<>();
        for (RetentionTier tier : RetentionTier.values()) {
            add(changes, tier.name(), before.days(tier), now.days(tier));
        }
        add(changes, "content", before.contentDays(), now.contentDays());
        return String.join("; ", changes);
    }

    private static void add(List<String> changes, String what, int before, int now) {
        if (before != now) {
            changes.add(
                    String.format(
                            Locale.ROOT,
                            "%s %d → %d days (%s)",
                            what,
                            before,
                            now,
                            now < before ? "lowered" : "raised"));
        }
    }
}
