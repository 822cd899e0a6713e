package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micronaut.context.ApplicationContext;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCheckTest {
    private static void check(Map<String, Object> settings) {
        try (ApplicationContext context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .properties(settings)
                        .build()) {
            context.getEnvironment().start();
            SettingsCheck.require(context.getEnvironment());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    portal.retention.info-days        | 90d   | a whole number from 1 up to 2147483647
                    portal.retention.debug-days       | 0     | a whole number from 1 up to 2147483647
                    portal.retention.floor-days       | -1    | a whole number from 0 up to 2147483647
                    portal.ingest.max-events          | ten   | a whole number from 1 up to 2147483647
                    portal.ingest.max-packed-bytes    | 3000000000 | a whole number from 1 up to 2147483647
                    portal.quarantine.max-bytes       | 100MB | a whole number from 1
                    portal.minimise.shell-head        | -5    | a whole number from 0 up to 2147483647
                    portal.limit.iteration-limit      | many  | a whole number up to 2147483647
                    portal.retention.automatic        | nope  | true or false
                    portal.token-budget-per-day       | 1e6   | a whole number from 1
                    portal.token-budget-per-day       | 0     | a whole number from 1
                    portal.limit.error-rate-fail      | 5%    | a number such as 0.05
                    portal.demo                       | 1     | true or false
                    portal.retention.at               | 25:00 | a time of day such as 02:30
                    portal.receive-within             | 90    | a duration such as 20ms, 30s, 15m, 12h or 2d
                    portal.destinations.idle          | soon  | a duration such as 20ms, 30s, 15m, 12h or 2d
                    """)
    void require_settingThatIsWrong_namesItItsValueAndWhatItTakes(
            String name, String value, String expected) {
        CommandException refused =
                catchThrowableOfType(CommandException.class, () -> check(Map.of(name, value)));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.WRONG_USE);
        assertThat(refused)
                .hasMessage(
                        "%s is '%s', but it must be %s."
                                .formatted(
                                        name.toUpperCase(Locale.ROOT)
                                                .replace('.', '_')
                                                .replace('-', '_'),
                                        value,
                                        expected));
    }

    @ParameterizedTest
    @CsvSource({
        "portal.time-zone, Mars, PORTAL_TIME_ZONE: 'Mars' is no time zone",
        "portal.price-table, /nowhere/prices.json, PORTAL_PRICE_TABLE: '/nowhere/prices.json' is no file.",
        "portal.retention.profile, sox, PORTAL_RETENTION_PROFILE: There is no profile 'sox'"
    })
    void require_nameThatIsUnknown_saysSo(String name, String value, String expected) {
        CommandException refused =
                catchThrowableOfType(CommandException.class, () -> check(Map.of(name, value)));
        assertThat(refused).hasMessageStartingWith(expected);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.WRONG_USE);
    }

    @Test
    void require_settingsThatAreRight_pass() {
        assertThatCode(() -> check(Map.of())).doesNotThrowAnyException();
        assertThatCode(
                        () ->
                                check(
                                        Map.of(
                                                "portal.retention.info-days", "90",
                                                "portal.retention.automatic", "Off",
                                                "portal.retention.at", "23:59",
                                                "portal.retention.pause", "2d",
                                                "portal.redaction.keys", "a,b",
                                                "portal.ingest.max-events", "",
                                                "portal.limit.error-rate-fail", "0.2",
                                                "portal.victorialogs.url", "http://x")))
                .doesNotThrowAnyException();
    }
}
