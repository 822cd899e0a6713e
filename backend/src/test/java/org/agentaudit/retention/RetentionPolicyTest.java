package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.RetentionTier;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

    @Test
    void days_areThoseOfTheTier() {
        RetentionPolicy policy = new RetentionPolicy(1, 2, 3, 4);
        assertThat(RetentionTier.values()).extracting(policy::days).containsExactly(1, 2, 3, 4);
        assertThat(RetentionTier.values())
                .extracting(RetentionPolicy.DEFAULT::days)
                .containsExactly(7, 30, 365, 730);
    }

    @Test
    void expiresOn_countsFromTheLaterTime() {
        // received a second later, which is another day
        Instant late = Instant.parse("2026-11-21T23:59:59Z");
        var event = EventBuilder.event("e", late, EventType.TOOL_CALL, "a", "search").envelope();
        assertThat(RetentionPolicy.DEFAULT.expiresOn(event)).isEqualTo(LocalDate.of(2026, 12, 22));
    }
}
