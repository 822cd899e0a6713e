package org.agentaudit.retention;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// What retention is set to do, did, and will do next.
@Singleton
public class RetentionStatus {

    private static final Duration RETRY_AFTER = Duration.ofMinutes(10);

    /// A tier of the policy in force.
    ///
    /// @param source what made its days what they are: default, setting, or a floor
    public record TierLife(RetentionTier tier, int days, String source) {}

    private final TransactionOperations<Connection> transactions;
    private final RunRepository runs;
    private final DeletionListRepository deletions;
    private final ArchiveFiles archives;
    private final RetentionConfig config;
    private final Format format;
    private final Clock clock;

    RetentionStatus(
            TransactionOperations<Connection> transactions,
            RunRepository runs,
            DeletionListRepository deletions,
            ArchiveFiles archives,
            RetentionConfig config,
            Format format,
            Clock clock) {
        this.transactions = transactions;
        this.runs = runs;
        this.deletions = deletions;
        this.archives = archives;
        this.config = config;
        this.format = format;
        this.clock = clock;
    }

    /// The tiers of the policy in force, the shortest-lived first.
    public List<TierLife> tiers() {
        return Arrays.stream(RetentionTier.values())
                .map(tier -> new TierLife(tier, config.policy().days(tier), config.source(tier)))
                .toList();
    }

    /// Where events are archived before they go; null when they are not.
    public @Nullable Path archiveFolder() {
        return config.archive() ? archives.folder() : null;
    }

    /// Days that content lives.
    public int contentDays() {
        return config.contentDays();
    }

    /// Rule books whose floors are in force, in words; may be empty.
    public List<String> profiles() {
        return config.profiles().stream()
                .map(profile -> profile.settingName() + " (" + profile.source() + ")")
                .toList();
    }

    /// When the schedule runs next, possibly a moment ago; null when it is switched off.
    public @Nullable Instant nextRun() {
        if (!config.automatic()) {
            return null;
        }
        return transactions.executeRead(
                status -> {
                    Connection connection = status.getConnection();
                    ZonedDateTime now = clock.instant().atZone(format.zone());
                    ZonedDateTime today = now.with(config.at());
                    ZonedDateTime latest = today.isAfter(now) ? today.minusDays(1) : today;
                    boolean done =
                            runs.lastDone(connection)
                                    .filter(at -> !at.isBefore(latest.toInstant()))
                                    .isPresent();
                    if (done) {
                        return latest.plusDays(1).toInstant();
                    }
                    Instant retry =
                            runs.latest(connection, 1).stream()
                                    .map(RetentionRun::updatedAt)
                                    .map(at -> at.plus(RETRY_AFTER))
                                    .findFirst()
                                    .orElse(Instant.EPOCH);
                    Instant due = latest.toInstant();
                    return retry.isAfter(due) ? retry : due;
                });
    }

    /// Newest first.
    public List<RetentionRun> lastRuns(int limit) {
        return transactions.executeRead(status -> runs.latest(status.getConnection(), limit));
    }

    /// Newest first.
    ///
    /// @param before number of the last one already shown; `Long.MAX_VALUE` for the first page
    public List<RecordedDeletion> deletions(long before, int limit) {
        return transactions.executeRead(
                status -> deletions.latest(status.getConnection(), before, limit));
    }
}
