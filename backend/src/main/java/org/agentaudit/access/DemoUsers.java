package org.agentaudit.access;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The users of a portal with demonstration data, named after their role. They are made when they
/// are missing and are people's own from then on: no start changes one.
@Singleton
public class DemoUsers {
    static final String FILE = "demo-users.password";

    private static final Map<String, Role> USERS = new LinkedHashMap<>();

    static {
        USERS.put(UserAccounts.ADMIN, Role.ADMIN);
        USERS.put("officer", Role.COMPLIANCE_OFFICER);
        USERS.put("analyst", Role.SECURITY_ANALYST);
        USERS.put("auditor", Role.AUDITOR);
    }

    private final UserAccounts users;
    private final Passwords passwords;
    private final KeyFile kept;

    DemoUsers(
            UserAccounts users,
            Passwords passwords,
            @Value("${portal.data-dir:data}") String dataDir) {
        this.users = users;
        this.passwords = passwords;
        this.kept = new KeyFile(dataDir, FILE);
    }

    /// Makes those that are missing.
    ///
    /// @param password      for each one that is made; null: one for all is generated, and kept so
    ///     that every start can show it
    /// @param adminPassword for `admin`, when it is made, instead of `password`
    /// @return one entry per demonstration user, in the order admin, officer, analyst, auditor
    public List<DemoSignIn> ensure(@Nullable String password, @Nullable String adminPassword) {
        List<DemoSignIn> signIns = new ArrayList<>();
        USERS.forEach(
                (name, role) -> {
                    String own = name.equals(UserAccounts.ADMIN) ? adminPassword : null;
                    signIns.add(ensure(name, role, own == null ? password : own, password));
                });
        return signIns;
    }

    /// @param given     for a new user; null: the kept one
    /// @param otherwise may open an existing one as well
    private DemoSignIn ensure(
            String name, Role role, @Nullable String given, @Nullable String otherwise) {
        Optional<UserRepository.StoredUser> before = users.stored(name);
        if (before.isEmpty()) {
            String chosen = given == null ? kept.readOrMake(passwords::generate) : given;
            users.addUnlessThere(name, chosen, role);
            before = users.stored(name);
        }
        UserRepository.StoredUser user = before.orElseThrow();
        String valid =
                Stream.concat(
                                Stream.of(given, otherwise).flatMap(Stream::ofNullable),
                                kept.read().stream())
                        .distinct()
                        .filter(each -> passwords.matches(each, user.passwordHash()))
                        .findFirst()
                        .orElse(null);
        return new DemoSignIn(user.account(), valid);
    }
}
