package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.RetentionTier;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {

    @Test
    void settings_setEachTier() {
        Map<String, Object> settings =
                Map.of(
                        "portal.retention.debug-days", 8,
                        "portal.retention.info-days", 31,
                        "portal.retention.compliance-days", 366,
                        "portal.retention.critical-days", 731);
        assertThat(policy(settings)).isEqualTo(new RetentionPolicy(8, 31, 366, 731));
        assertThat(policy(Map.of())).isEqualTo(RetentionPolicy.DEFAULT);
        for (RetentionTier tier : RetentionTier.values()) {
            assertThat(RetentionPolicy.DEFAULT.days(tier)).isEqualTo(tier.defaultDays());
        }
    }

    @Test
    void expiresOn_countsFromTheLaterTime() {
        // received a second later, which is another day
        Instant late = Instant.parse("2026-11-21T23:59:59Z");
        var event = EventBuilder.event("e", late, EventType.TOOL_CALL, "a", "search").envelope();
        assertThat(RetentionPolicy.DEFAULT.expiresOn(event)).isEqualTo(LocalDate.of(2026, 12, 22));
    }

    private static RetentionPolicy policy(Map<String, Object> settings) {
        try (ApplicationContext context =
                ApplicationContext.builder(settings)
                        // no database
                        .enableDefaultPropertySources(false)
                        .start()) {
            return context.getBean(RetentionPolicy.class);
        }
    }
}
