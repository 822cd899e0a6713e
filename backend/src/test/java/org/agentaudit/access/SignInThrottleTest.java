package org.agentaudit.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {
    private final SignInThrottle throttle =
            new SignInThrottle(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    private void fail(int times, String username, String address) {
        for (int i = 0; i < times; i++) {
            throttle.failed(username, address);
        }
    }

    @Test
    void waitFor_oneUserFromOneAddress_doublesUpToAQuarterHour() {
        fail(4, "a", "1");
        assertThat(throttle.waitFor("a", "1")).isZero();
        fail(1, "a", "1");
        assertThat(throttle.waitFor("a", "1")).isEqualTo(Duration.ofSeconds(4));
        fail(1, "a", "1");
        assertThat(throttle.waitFor("a", "1")).isEqualTo(Duration.ofSeconds(8));
        fail(50, "a", "1");
        assertThat(throttle.waitFor("a", "1")).isEqualTo(Duration.ofMinutes(15));
        assertThat(throttle.waitFor("a", "2")).isZero();
        assertThat(throttle.waitFor("b", "1")).isPositive();
    }

    @Test
    void waitFor_manyUsersFromOneAddress_isSlowedDown() {
        for (int i = 0; i < 29; i++) {
            throttle.failed("user" + i, "1");
        }
        assertThat(throttle.waitFor("someone", "1")).isZero();
        throttle.failed("user29", "1");
        throttle.succeeded("own account", "1");
        assertThat(throttle.waitFor("someone", "1")).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void waitFor_oneUserFromManyAddresses_isSlowedDownButNotLockedOut() {
        for (int i = 0; i < 10_000; i++) {
            throttle.failed("a", "address" + i);
        }
        assertThat(throttle.waitFor("a", "home")).isEqualTo(Duration.ofSeconds(30));
    }
}
