package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.agentaudit.verify.Difference;
import org.agentaudit.verify.Verification;
import org.junit.jupiter.api.Test;

class VerifyDisplayTest {

    @Test
    void nameOfAnAgent_cannotSteerTheTerminal() {
        Difference difference =
                new Difference(
                        Difference.Kind.COUNTER_WRONG,
                        null,
                        null,
                        null,
                        "agent \u001b[2J\r\nVerified: everything is as it was stored.");
        Verification failed =
                new Verification(
                        1,
                        1,
                        0,
                        0,
                        0,
                        0,
                        1,
                        0,
                        1,
                        Map.of(Difference.Kind.COUNTER_WRONG, 1L),
                        List.of(difference));

        assertThat(VerifyDisplay.text(failed))
                .contains("agent ?[2J??Verified")
                .doesNotContain("\u001b", "\r");
        assertThat(VerifyDisplay.text(failed).lines())
                .noneMatch(line -> line.startsWith("Verified"));
    }
}
