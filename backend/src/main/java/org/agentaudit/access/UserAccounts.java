package org.agentaudit.access;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The people who may sign in. Every change is an entry in the access log, in the same transaction;
/// a change of password, roles or `disabled` ends the sessions it concerns at once. The methods do
/// not ask whether the actor may do this: their callers do.
@Singleton
public class UserAccounts {
    static final String ADMIN = "admin";
    private static final int MAX_PATTERNS = 100;
    private static final int MAX_PATTERN = 512;
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

    private final TransactionOperations<Connection> transactions;
    private final UserRepository users;
    private final SessionRepository sessions;
    private final AccessLog accessLog;
    private final Passwords passwords;
    private final Clock clock;

    UserAccounts(
            TransactionOperations<Connection> transactions,
            UserRepository users,
            SessionRepository sessions,
            AccessLog accessLog,
            Passwords passwords,
            Clock clock) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
        this.accessLog = accessLog;
        this.passwords = passwords;
        this.clock = clock;
    }

    /// @param actor      who does this, for the access log; [AccessLog#COMMAND_LINE] for a command
    /// @param username   lower case letters, digits and `._@-`; upper case letters are made lower
    ///      case
    /// @param password   8 to 256 characters
    /// @param agentScope patterns of agent ids; empty means all agents
    /// @throws IllegalArgumentException when the name is taken or one of the values cannot be used;
    ///      the message says why
    public UserAccount add(
            String actor,
            String username,
            String password,
            Set<Role> roles,
            List<String> agentScope) {
        UserAccount user =
                new UserAccount(validName(username), roles, agentScope, false, clock.instant());
        requireRoles(roles);
        requirePatterns(agentScope);
        String hash = passwords.hash(password);
        if (!insert(actor, user, hash)) {
            throw new FieldProblem("username", "There is already a user " + user.username() + ".");
        }
        return user;
    }

    /// A password that nobody can guess, to be shown once.
    public String newPassword() {
        return passwords.generate();
    }

    /// All accounts by name, disabled ones too.
    public List<UserAccount> list() {
        return transactions.executeRead(status -> users.list(status.getConnection()));
    }

    /// When each user signed in last, by name; who never did is missing.
    public Map<String, Instant> lastSignIns() {
        return transactions.executeRead(status -> accessLog.lastSignIns(status.getConnection()));
    }

    public Optional<UserAccount> find(String username) {
        return stored(username).map(UserRepository.StoredUser::account);
    }

    Optional<UserRepository.StoredUser> stored(String username) {
        String name = username.toLowerCase(Locale.ROOT);
        return USERNAME.matcher(name).matches()
                ? transactions.executeRead(status -> users.find(status.getConnection(), name))
                : Optional.empty();
    }

    /// The user cannot sign in any more, and every session ends now.
    ///
    /// @throws IllegalArgumentException when there is no such user, or nobody would be left who may
    ///     administer the portal
    public void disable(String actor, String username) {
        change(
                actor,
                username,
                "user disabled: ",
                (connection, name) -> {
                    requireOtherAdministrator(connection, name);
                    return users.setDisabled(connection, name, true, clock.instant());
                });
    }

    /// The user may sign in again.
    ///
    /// @throws IllegalArgumentException when there is no such user
    public void enable(String actor, String username) {
        change(
                actor,
                username,
                "user enabled: ",
                (connection, name) -> users.setDisabled(connection, name, false, clock.instant()));
    }

    /// Every session of the user ends now.
    ///
    /// @throws IllegalArgumentException when there is no such user or the password cannot be used
    public void setPassword(String actor, String username, String password) {
        String hash = passwords.hash(password);
        change(
                actor,
                username,
                "password changed: ",
                (connection, name) -> users.setPassword(connection, name, hash, clock.instant()));
    }

    /// Holds from the user's next request on; sessions go on.
    ///
    /// @throws IllegalArgumentException when there is no such user, a value cannot be used, or
    ///     nobody would be left who may administer the portal
    public void setRoles(String actor, String username, Set<Role> roles, List<String> agentScope) {
        requireRoles(roles);
        requirePatterns(agentScope);
        String name = validName(username);
        boolean changed =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            if (!roles.contains(Role.ADMIN)) {
                                requireOtherAdministrator(connection, name);
                            }
                            Optional<UserRepository.StoredUser> before =
                                    users.find(connection, name);
                            if (before.isEmpty()) {
                                return false;
                            }
                            UserAccount old = before.get().account();
                            UserAccount now =
                                    new UserAccount(
                                            name,
                                            roles,
                                            agentScope,
                                            old.disabled(),
                                            old.createdAt());
                            users.setRoles(connection, name, roles, agentScope, clock.instant());
                            accessLog.appendSettingsChange(
                                    connection,
                                    actor,
                                    "roles changed: " + described(now) + ", was " + described(old));
                            return true;
                        });
        if (!changed) {
            throw noSuchUser(name);
        }
    }

    /// Makes the user `admin` if there is none.
    ///
    /// @param password for the new account; null: one is generated
    /// @return what to show once when a password was generated; empty when the account was there or
    ///      the password was given
    public Optional<Credentials> ensureAdmin(@Nullable String password) {
        if (find(ADMIN).isPresent()) {
            return Optional.empty();
        }
        String chosen = password == null ? passwords.generate() : password;
        boolean made = addUnlessThere(ADMIN, chosen, Role.ADMIN);
        return made && password == null
                ? Optional.of(new Credentials(ADMIN, chosen, Role.ADMIN))
                : Optional.empty();
    }

    /// False when there is a user of that name, who stays as they are.
    boolean addUnlessThere(String name, String password, Role role) {
        if (find(name).isPresent()) {
            return false;
        }
        String hash = passwords.hash(password);
        UserAccount user = new UserAccount(name, Set.of(role), List.of(), false, clock.instant());
        return insert(AccessLog.PORTAL_START, user, hash);
    }

    private boolean insert(String actor, UserAccount user, String passwordHash) {
        return transactions.executeWrite(
                status -> {
                    Connection connection = status.getConnection();
                    boolean inserted = users.insert(connection, user, passwordHash);
                    if (inserted) {
                        accessLog.appendSettingsChange(
                                connection, actor, "user added: " + described(user));
                    }
                    return inserted;
                });
    }

    private interface Change {
        boolean apply(Connection connection, String username) throws SQLException;
    }

    private void change(String actor, String username, String what, Change change) {
        String name = validName(username);
        boolean changed =
                transactions.executeWrite(
                        status -> {
                            Connection connection = status.getConnection();
                            boolean applied = change.apply(connection, name);
                            if (applied) {
                                sessions.revokeAll(connection, name, clock.instant());
                                accessLog.appendSettingsChange(connection, actor, what + name);
                            }
                            return applied;
                        });
        if (!changed) {
            throw noSuchUser(name);
        }
    }

    private void requireOtherAdministrator(Connection connection, String name) throws SQLException {
        if (users.lockAdministrators(connection).equals(List.of(name))) {
            throw new FieldProblem(
                    "roles",
                    name
                            + " is the only administrator: make somebody else an ADMIN first, or nobody"
                            + " could manage the portal.");
        }
    }

    private static IllegalArgumentException noSuchUser(String name) {
        return new IllegalArgumentException("There is no user " + name + ".");
    }

    private static void requireRoles(Set<Role> roles) {
        if (roles.isEmpty()) {
            throw new FieldProblem("roles", "A user has at least one role.");
        }
    }

    private static void requirePatterns(List<String> agentScope) {
        if (agentScope.size() > MAX_PATTERNS
                || agentScope.stream()
                        .anyMatch(
                                pattern ->
                                        pattern.isBlank()
                                                || pattern.length() > MAX_PATTERN
                                                || pattern.indexOf('\0') >= 0)) {
            throw new FieldProblem(
                    "agentScope",
                    "An agent scope has at most %d patterns of 1 to %d characters."
                            .formatted(MAX_PATTERNS, MAX_PATTERN));
        }
    }

    private static String validName(String username) {
        String name = username.toLowerCase(Locale.ROOT);
        if (!USERNAME.matcher(name).matches()) {
            throw new FieldProblem(
                    "username",
                    "A user name has 1 to 64 letters, digits and . _ @ - and starts with a letter"
                            + " or digit.");
        }
        return name;
    }

    private static String described(UserAccount user) {
        List<String> roles = user.roles().stream().sorted().map(Role::name).toList();
        String scope =
                user.agentScope().isEmpty() ? "all agents" : String.join(", ", user.agentScope());
        return user.username() + " (" + String.join(", ", roles) + "; " + scope + ")";
    }
}
