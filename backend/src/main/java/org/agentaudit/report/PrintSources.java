package org.agentaudit.report;

import java.time.Instant;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Chart;
import org.agentaudit.web.Format;

/// What a printed report shows beside its record: the same as its page.
interface PrintSources {

    Attention attention(Viewer viewer, DailySummary day);

    /// @param now hours that have not begun are gaps
    Chart activity(Viewer viewer, DailySummary day, Instant now, Format format);

    /// Verdicts of past days; empty when there are none for the viewer.
    Optional<Chart> verdicts(Viewer viewer, ComplianceReport report, Format format);
}
