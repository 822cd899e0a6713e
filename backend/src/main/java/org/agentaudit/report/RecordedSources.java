package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Chart;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.web.Format;

/// Read from what is recorded.
@Singleton
class RecordedSources implements PrintSources {

    private final Attentions attentions;
    private final CountsQuery counts;
    private final VerdictHistory history;

    RecordedSources(Attentions attentions, CountsQuery counts, VerdictHistory history) {
        this.attentions = attentions;
        this.counts = counts;
        this.history = history;
    }

    @Override
    public Attention attention(Viewer viewer, DailySummary day) {
        return attentions.of(viewer, day);
    }

    @Override
    public Chart activity(Viewer viewer, DailySummary day, Instant now, Format format) {
        return DailyCharts.activity(
                counts.hours(viewer, Period.of(day.from(), day.to())), now, format);
    }

    @Override
    public Optional<Chart> verdicts(Viewer viewer, ComplianceReport report, Format format) {
        return history.of(
                viewer,
                format.date(report.period().from()),
                format.date(report.period().to().minusNanos(1)),
                report.checks());
    }
}
