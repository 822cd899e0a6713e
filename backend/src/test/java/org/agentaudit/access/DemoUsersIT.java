package org.agentaudit.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starts of a portal with demonstration data, one after the other.
class DemoUsersIT {
    private static final Viewer ADMIN = new Viewer("admin", Set.of(Role.ADMIN), List.of());

    @TempDir Path dataDir;
    private ApplicationContext portal;

    @BeforeEach
    void start() {
        Map<String, Object> properties = new HashMap<>(TestDatabase.create().properties());
        properties.put("portal.data-dir", dataDir.toString());
        portal = ApplicationContext.run(properties);
    }

    @AfterEach
    void stop() {
        portal.close();
    }

    private DemoUsers demoUsers() {
        return portal.getBean(DemoUsers.class);
    }

    private UserAccounts users() {
        return portal.getBean(UserAccounts.class);
    }

    private boolean opens(String username, String password) {
        return users().stored(username)
                .filter(
                        user ->
                                portal.getBean(Passwords.class)
                                        .matches(password, user.passwordHash()))
                .isPresent();
    }

    private boolean opens(DemoSignIn signIn) {
        return signIn.password() != null && opens(signIn.user().username(), signIn.password());
    }

    private int entries() {
        return portal.getBean(AccessLog.class).find(ADMIN, AccessLogQuery.newest(1_000)).size();
    }

    @Test
    void generatedPassword_isTheSameAtEveryStart_andKeptForTheOwnerAlone() throws Exception {
        List<DemoSignIn> first = demoUsers().ensure(null, null);

        assertThat(first)
                .extracting(each -> each.user().username() + " " + each.user().roles())
                .containsExactly(
                        "admin [ADMIN]",
                        "officer [COMPLIANCE_OFFICER]",
                        "analyst [SECURITY_ANALYST]",
                        "auditor [AUDITOR]");
        assertThat(first).allMatch(this::opens);
        int before = entries();
        assertThat(demoUsers().ensure(null, null)).isEqualTo(first);
        assertThat(entries()).as("nothing changed, nothing logged").isEqualTo(before);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        dataDir.resolve("keys").resolve(DemoUsers.FILE))))
                .isEqualTo("rw-------");
    }

    @Test
    void ownPasswords_outliveStarts_andAreNotGuessedAt() {
        demoUsers().ensure("one for all", null);
        users().setPassword("test", "officer", "the officer's own");
        users().setPassword("test", "admin", "the admin's own");
        users().disable("test", "auditor");

        List<DemoSignIn> next = demoUsers().ensure("one for all", "from the settings");

        assertThat(opens("officer", "the officer's own")).isTrue();
        assertThat(opens("admin", "the admin's own")).isTrue();
        assertThat(next)
                .extracting(DemoSignIn::password)
                .containsExactly(null, null, "one for all", "one for all");
        assertThat(next)
                .extracting(each -> each.user().disabled())
                .containsExactly(false, false, false, true);
    }

    @Test
    void adminPassword_countsAtFirstStartOnly() {
        assertThat(demoUsers().ensure("one for all", "for the admin"))
                .extracting(DemoSignIn::password)
                .containsExactly("for the admin", "one for all", "one for all", "one for all");

        List<DemoSignIn> next = demoUsers().ensure("one for all", "another one");
        assertThat(next.getFirst().password()).isNull();
        assertThat(opens("admin", "for the admin")).isTrue();
    }

    @Test
    void passwordGivenLater_leavesTheGeneratedOneInForce() {
        List<DemoSignIn> first = demoUsers().ensure(null, null);

        assertThat(demoUsers().ensure("one for all", null)).isEqualTo(first);
        assertThat(first).allMatch(this::opens);
    }

    @Test
    void missingUser_isMade() {
        users().add("test", "officer", "the officer's own", Set.of(Role.AUDITOR), List.of());

        List<DemoSignIn> signIns = demoUsers().ensure(null, null);

        assertThat(signIns.get(1).user().roles()).containsExactly(Role.AUDITOR);
        assertThat(signIns.get(1).password()).isNull();
        assertThat(signIns.get(2)).matches(this::opens);
    }
}
