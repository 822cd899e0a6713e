package org.agentaudit.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.query.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionPolicyTest {

    static RetentionConfig config(String profile, int floorDays) {
        return new RetentionConfig(
                7,
                30,
                365,
                730,
                30,
                profile,
                floorDays,
                true,
                LocalTime.of(2, 30),
                2000,
                false,
                20_000,
                Duration.ZERO,
                Duration.ofHours(1));
    }

    @Test
    void days_areThoseOfTheTier() {
        RetentionPolicy policy = new RetentionPolicy(1, 2, 3, 4, 5);
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    none                  |   0 |   7 |  30 |  365 |  730
                    seed                  |   0 |   7 |  30 |  365 |  730
                    eu-ai-act             |   0 | 184 | 184 |  365 |  730
                    EU_AI_ACT             |   0 | 184 | 184 |  365 |  730
                    pci-dss               |   0 | 366 | 366 |  366 |  730
                    hipaa                 |   0 |   7 |  30 | 2192 | 2192
                    eu-ai-act, hipaa      |   0 | 184 | 184 | 2192 | 2192
                    none                  | 100 | 100 | 100 |  365 |  730
                    eu-ai-act,pci-dss     | 400 | 400 | 400 |  400 |  730
                    """)
    void policy_isTheTierRaisedByEveryFloor(
            String profile, int floor, int debug, int info, int compliance, int critical) {
        assertThat(config(profile, floor).policy())
                .isEqualTo(new RetentionPolicy(debug, info, compliance, critical, 30));
    }

    /// A tier that a setting lowered is raised again by the profile of the source documents.
    @Test
    void seedProfile_keepsSettingsFromShorteningLives() {
        RetentionConfig lowered =
                new RetentionConfig(
                        1,
                        1,
                        1,
                        1,
                        30,
                        "seed",
                        0,
                        true,
                        LocalTime.of(2, 30),
                        2000,
                        false,
                        20_000,
                        Duration.ZERO,
                        Duration.ofHours(1));
        assertThat(lowered.policy()).isEqualTo(RetentionPolicy.DEFAULT);
        assertThat(lowered.source(RetentionTier.DEBUG)).isEqualTo("tiers of the source documents");
    }

    @Test
    void profile_nobodyKnows_isRefusedWithTheNamesThereAre() {
        assertThatThrownBy(() -> config("eu-ai-act, hippa", 0).policy())
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "There is no profile 'hippa'; it takes none, seed, eu-ai-act,"
                                + " pci-dss, hipaa, several separated by commas.");
    }

    @Test
    void source_namesTheFloorThatRaised() {
        assertThat(config("eu-ai-act", 0).source(RetentionTier.INFO))
                .isEqualTo("EU AI Act Art. 19(1) and 26(6), six months");
        assertThat(config("eu-ai-act", 0).source(RetentionTier.CRITICAL)).isEqualTo("default");
        assertThat(config("eu-ai-act", 200).source(RetentionTier.INFO))
                .isEqualTo("PORTAL_RETENTION_FLOOR_DAYS");
    }

    @Test
    void changes_sayWhatWasLoweredAndWhatRaised() {
        assertThat(
                        PolicyRecord.changes(
                                new RetentionPolicy(184, 30, 365, 730, 30),
                                new RetentionPolicy(7, 30, 400, 730, 20)))
                .isEqualTo(
                        "DEBUG 184 → 7 days (lowered); COMPLIANCE 365 → 400 days (raised);"
                                + " content 30 → 20 days (lowered)");
    }
}
