package org.agentaudit.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.test.extensions.junit5.annotation.MicronautTest;
import io.micronaut.test.support.TestPropertyProvider;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agentaudit.TestDatabase;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.ingest.IngestPipeline;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A day against the same weekday of the four weeks before (metrics "Daily summary").
@MicronautTest(transactional = false)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DayComparisonIT implements TestPropertyProvider {
    private static final LocalDate DAY = LocalDate.of(2026, 2, 26);
    private static final Viewer OFFICER =
            new Viewer("officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());

    @Inject IngestPipeline pipeline;
    @Inject Reports reports;

    @Override
    public Map<String, String> getProperties() {
        return TestDatabase.create().properties();
    }

    @BeforeAll
    void load() throws Exception {
        StringBuilder lines = new StringBuilder();
        line(lines, DAY, "'cost_usd':3,'token_count':30");
        line(lines, DAY, "'error':'e'");
        line(lines, DAY, "'model':'nobody knows'");
        line(lines, DAY.minusWeeks(1), "'cost_usd':1,'token_count':10");
        line(lines, DAY.minusWeeks(2), "'cost_usd':3,'token_count':10");
        line(lines, DAY.minusWeeks(3), "'token_count':10");
        line(lines, DAY.minusWeeks(4), "'token_count':10");
        byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(pipeline.ingest(body, true, null, "test").get().accepted()).isEqualTo(7);
    }

    private static void line(StringBuilder lines, LocalDate day, String members) {
        lines.append(
                "{'event_type':'agent.invocation','event_id':'%d','agent_name':'a','timestamp':'%sT10:00:00Z',%s}\n"
                        .formatted(lines.length(), day, members)
                        .replace('\'', '"'));
    }

    @Test
    void comparison_isAgainstTheMeanOfTheFourDays() {
        DailySummary.DayComparison change =
                Objects.requireNonNull(reports.daily(OFFICER, DAY, ZoneOffset.UTC).comparison());
        assertThat(change.invocations()).isEqualTo(2.0);
        assertThat(change.tokens()).isEqualTo(2.0);
        // The mean is 0.
        assertThat(change.errors()).isNull();
        // Two of the days have no cost: the mean of the others is 2.
        assertThat(change.cost()).isEqualTo(0.5);
    }

    @Test
    void comparison_withoutFourDays_isNull() {
        assertThat(reports.daily(OFFICER, DAY.minusWeeks(1), ZoneOffset.UTC).comparison()).isNull();
        assertThat(reports.daily(OFFICER, DAY.plusWeeks(1), ZoneOffset.UTC).comparison())
                .isNotNull();
        assertThat(reports.daily(OFFICER, DAY.plusDays(1), ZoneOffset.UTC).comparison()).isNull();
    }
}
