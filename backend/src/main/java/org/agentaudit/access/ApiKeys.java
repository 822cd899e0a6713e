package org.agentaudit.access;

import io.micronaut.context.annotation.Value;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Keys of programs (`aap_…`), sent only in the `Authorization` header. The key of the setting
/// `portal.ingest-key` (`PORTAL_INGEST_KEY`) is accepted beside the stored ones, with the role
/// INGESTOR. Every change is an entry in the access log, in the same transaction.
@Singleton
public class ApiKeys {
    /// Start of every key.
    public static final String START = "aap_";

    private static final int PREFIX_LENGTH = 12;
    private static final int MAX_LENGTH = 512;
    private static final Duration USE_NOTED_EVERY = Duration.ofMinutes(1);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._ -]{0,63}");

    /// A key that was just made.
    ///
    /// @param token the whole key; it is shown now and never again
    public record NewKey(ApiKey key, String token) {}

    private final TransactionOperations<Connection> transactions;
    private final ApiKeyRepository keys;
    private final AccessLog accessLog;
    private final Clock clock;
    private final byte @Nullable [] configuredKeyHash;

    ApiKeys(
            TransactionOperations<Connection> transactions,
            ApiKeyRepository keys,
            AccessLog accessLog,
            Clock clock,
            @Value("${portal.ingest-key:}") String configuredKey) {
        this.transactions = transactions;
        this.keys = keys;
        this.accessLog = accessLog;
        this.clock = clock;
        this.configuredKeyHash = configuredKey.isBlank() ? null : Secrets.sha256(configuredKey);
    }

    /// @param actor     who does this, for the access log
    /// @param name      what the key is for; letters, digits and `._ -`, not used before
    /// @param expiresAt null: does not expire
    /// @throws IllegalArgumentException when the name is taken or cannot be used; the message says
    ///      why
    public NewKey create(String actor, String name, Role role, @Nullable Instant expiresAt) {
        if (!NAME.matcher(name).matches()) {
            throw new FieldProblem(
                    "name",
                    "The name of a key has 1 to 64 letters, digits and . _ - or spaces and starts"
                            + " with a letter or digit.");
        }
        String token = START + Secrets.random();
        ApiKey key =
                transactions
                        .executeWrite(
                                status -> {
                                    Connection connection = status.getConnection();
                                    Optional<ApiKey> made =
                                            keys.insert(
                                                    connection,
                                                    name,
                                                    token.substring(0, PREFIX_LENGTH),
                                                    Secrets.sha256(token),
                                                    role,
                                                    actor,
                                                    clock.instant(),
                                                    expiresAt);
                                    if (made.isPresent()) {
                                        accessLog.appendSettingsChange(
                                                connection,
                                                actor,
                                                "API key created: " + name + " (" + role + ")");
                                    }
                                    return made;
                                })
                        .orElseThrow(
                                () ->
                                        new FieldProblem(
                                                "name",
                                                "There is already an API key " + name + "."));
        return new NewKey(key, token);
    }

    /// Whether the setting `portal.ingest-key` is a key beside the stored ones.
    public boolean hasConfiguredKey() {
        return configuredKeyHash != null;
    }

    /// All keys, newest first, revoked ones too.
    public List<ApiKey> list() {
        return transactions.executeRead(status -> keys.list(status.getConnection()));
    }

    /// The key is refused from now on.
    ///
    /// @throws IllegalArgumentException when there is no such key, or it was revoked before
    public void revoke(String actor, String name) {
        boolean revoked =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            boolean changed = keys.revoke(connection, name, clock.instant());
                            if (changed) {
                                accessLog.appendSettingsChange(
                                        connection, actor, "API key revoked: " + name);
                            }
                            return changed;
                        });
        if (!revoked) {
            throw new IllegalArgumentException("There is no API key " + name + " in use.");
        }
    }

    /// The viewer a key stands for, named `key:<name>`; empty when the key is unknown, over or
    /// revoked.
    public Optional<Viewer> verify(String token) {
        if (token.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] hash = Secrets.sha256(token);
        if (configuredKeyHash != null && MessageDigest.isEqual(configuredKeyHash, hash)) {
            return Optional.of(
                    new Viewer("key:PORTAL_INGEST_KEY", Set.of(Role.INGESTOR), List.of()));
        }
        if (!token.startsWith(START)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<ApiKey> key =
                transactions.executeRead(status -> keys.live(status.getConnection(), hash, now));
        key.filter(found -> isUseToNote(found, now))
                .ifPresent(
                        found ->
                                transactions.executeWrite(
                                        status -> {
                                            keys.used(status.getConnection(), found.id(), now);
                                            return null;
                                        }));
        return key.map(found -> new Viewer("key:" + found.name(), Set.of(found.role()), List.of()));
    }

    private static boolean isUseToNote(ApiKey key, Instant now) {
        Instant last = key.lastUsedAt();
        return last == null || last.plus(USE_NOTED_EVERY).isBefore(now);
    }
}
