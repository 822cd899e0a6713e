package org.agentaudit.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UserAccountsIT implements TestPropertyProvider {
    private static final Viewer ADMIN = new Viewer("admin", Set.of(Role.ADMIN), List.of());

    @Inject UserAccounts users;
    @Inject Passwords passwords;
    @Inject AccessLog accessLog;

    @Override
    public Map<String, String> getProperties() {
        Map<String, String> properties = new HashMap<>(TestDatabase.create().properties());
        try {
            properties.put("portal.data-dir", Files.createTempDirectory("portal-test").toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return properties;
    }

    private boolean opens(String username, String password) {
        return users.stored(username)
                .filter(user -> passwords.matches(password, user.passwordHash()))
                .isPresent();
    }

    @Test
    void add_list_change_areLogged() {
        users.add("boss", "Zoe", "long enough", Set.of(Role.AUDITOR), List.of("ops/*"));

        assertThat(users.find("zoe"))
                .map(UserAccount::viewer)
                .contains(new Viewer("zoe", Set.of(Role.AUDITOR), List.of("ops/*")));
        assertThat(users.list()).extracting(UserAccount::username).contains("zoe");
        assertThatThrownBy(
                        () ->
                                users.add(
                                        "boss",
                                        "zoe",
                                        "long enough",
                                        Set.of(Role.AUDITOR),
                                        List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is already a user zoe.");
        assertThatThrownBy(() -> users.disable("boss", "nobody"))
                .hasMessage("There is no user nobody.");

        users.setRoles("boss", "zoe", Set.of(Role.SECURITY_ANALYST), List.of());
        assertThat(accessLog.find(ADMIN, AccessLogQuery.newest(1_000)))
                .filteredOn(entry -> entry.username().equals("boss"))
                .extracting(AccessLogEntry::target)
                .containsExactly(
                        "roles changed: zoe (SECURITY_ANALYST; all agents), was zoe (AUDITOR;"
                                + " ops/*)",
                        "user added: zoe (AUDITOR; ops/*)");
    }

    @Test
    void disabledUser_canBeEnabledAgain_andBothAreLogged() {
        users.add("chief", "yara", "long enough", Set.of(Role.AUDITOR), List.of());

        users.disable("chief", "yara");
        assertThat(users.find("yara")).map(UserAccount::disabled).contains(true);
        users.enable("chief", "yara");
        assertThat(users.find("yara")).map(UserAccount::disabled).contains(false);

        assertThat(accessLog.find(ADMIN, AccessLogQuery.newest(1_000)))
                .filteredOn(entry -> entry.username().equals("chief"))
                .extracting(AccessLogEntry::target)
                .startsWith("user enabled: yara", "user disabled: yara");
    }

    @Test
    void accessLog_limitedViewer_seesWhatOthersDid_butNotToWhat() {
        Viewer limited = new Viewer("oscar", Set.of(Role.AUDITOR), List.of("ops/*"));
        Viewer other = new Viewer("olga", Set.of(Role.COMPLIANCE_OFFICER), List.of());
        accessLog.record(limited, AccessAction.REPORT_VIEWED, "trace mine", null);
        accessLog.record(other, AccessAction.REPORT_VIEWED, "agent billing", "why billing");
        accessLog.record(other, AccessAction.SIGN_OUT, null, null);

        assertThat(accessLog.find(limited, AccessLogQuery.newest(3)))
                .extracting(
                        AccessLogEntry::username,
                        AccessLogEntry::action,
                        AccessLogEntry::target,
                        AccessLogEntry::reason)
                .containsExactly(
                        tuple("olga", AccessAction.SIGN_OUT, null, null),
                        tuple("olga", AccessAction.REPORT_VIEWED, "[MASKED]", "[MASKED]"),
                        tuple("oscar", AccessAction.REPORT_VIEWED, "trace mine", null));
        assertThat(accessLog.find(ADMIN, AccessLogQuery.newest(2)))
                .extracting(AccessLogEntry::target)
                .containsExactly(null, "agent billing");
    }

    @Test
    void accessLog_isNotForEverybody() {
        Viewer analyst = new Viewer("analyst", Set.of(Role.SECURITY_ANALYST), List.of());

        assertThatThrownBy(() -> accessLog.find(analyst, AccessLogQuery.newest(10)))
                .isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void ensureAdmin_generated_isShownOnce() {
        Optional<UserAccount> admin = users.find("admin");
        Optional<Credentials> made = users.ensureAdmin(null);

        assertThat(made.isPresent()).isEqualTo(admin.isEmpty());
        made.ifPresent(shown -> assertThat(opens("admin", shown.password())).isTrue());
        assertThat(users.ensureAdmin(null)).isEmpty();
    }
}
