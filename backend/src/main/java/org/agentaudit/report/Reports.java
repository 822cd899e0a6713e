package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.ZoneId;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.Period;

/// Assembles reports for a viewer. Each settles what is still open in its period first, so that no answer lags behind an
/// acknowledgement.
@Singleton
public class Reports {

    /// The report time zone (setting `PORTAL_TIME_ZONE`).
    public ZoneId timeZone() {
        throw new UnsupportedOperationException();
    }

    /// Day `date` in `zone`.
    public DailySummary daily(Viewer viewer, LocalDate date, ZoneId zone) {
        throw new UnsupportedOperationException();
    }

    public SummaryReport summary(Viewer viewer, Period period) {
        throw new UnsupportedOperationException();
    }

    /// Activity of one agent; all zero when the agent did nothing in the period.
    public AgentAudit agent(Viewer viewer, String agentId, Period period) {
        throw new UnsupportedOperationException();
    }
}
