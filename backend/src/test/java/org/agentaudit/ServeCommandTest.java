package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.DemoSignIn;
import org.agentaudit.access.Role;
import org.agentaudit.access.UserAccount;
import org.junit.jupiter.api.Test;

class ServeCommandTest {
    private static UserAccount user(String name, boolean disabled) {
        return new UserAccount(name, Set.of(Role.AUDITOR), List.of(), disabled, Instant.EPOCH);
    }

    @Test
    void signIns_sayWhatWorks() {
        assertThat(ServeCommand.line(new DemoSignIn(user("auditor", false), "known")))
                .isEqualTo("auditor   password known  (AUDITOR)");
        assertThat(ServeCommand.line(new DemoSignIn(user("admin", false), null)))
                .isEqualTo("admin     password set by hand  (AUDITOR)");
        assertThat(ServeCommand.line(new DemoSignIn(user("auditor", true), "known")))
                .isEqualTo("auditor   disabled  (AUDITOR)");
    }
}
