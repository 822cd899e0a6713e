package org.agentaudit.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailuresTest {

    /// A sender is told to come again only when that may help.
    @ParameterizedTest
    @CsvSource({
        "08006, true",
        "40P01, true",
        "40001, true",
        "53300, true",
        "57P01, true",
        "23505, false",
        "42P01, false"
    })
    void isAway_tellsWhetherTryingAgainMayHelp(String state, boolean away) {
        SQLException cause = new SQLException("no", state);

        assertThat(DatabaseFailures.isAway(new IllegalStateException(cause))).isEqualTo(away);
    }
}
