package org.agentaudit.report;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.compliance.CheckResult;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.finding.FindingKind;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;

/// Reports with fixed numbers.
public final class FakeReports extends Reports {
    private static final Completeness COMPLETENESS =
            new Completeness(10, 2, 0, 0, 0, 0, 0, List.of("ops/silent"), 0, 0);

    public FakeReports() {
        super(null, null, null, null, null, null);
    }

    @Override
    public ZoneId timeZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public DailySummary daily(Viewer viewer, LocalDate date, ZoneId zone) {
        return new DailySummary(
                date,
                zone,
                date.atStartOfDay(zone).toInstant(),
                date.plusDays(1).atStartOfDay(zone).toInstant(),
                1247,
                1189,
                58,
                1189.0 / 1247,
                34,
                12,
                10_000,
                60,
                new TokenCounts(100, 20, 5),
                new BigDecimal("0.00000012"),
                List.of(
                        new DailySummary.AgentDay("research_agent", 312, 4, 5, 2_300.0),
                        new DailySummary.AgentDay("support_agent", 300, 3, 4, null)),
                List.of(new Tally("TimeoutError", 23, 0.4)),
                List.of(
                        new CheckResult(
                                "error_rate",
                                "Error rate",
                                CheckResult.Verdict.PASS,
                                0.046,
                                0.05,
                                0.10,
                                "share",
                                "4.6 % of invocations failed.",
                                null,
                                1247,
                                58,
                                null,
                                List.of())),
                List.of(new FindingCount(FindingKind.UNUSUAL_TOOL, Severity.INFO, 3)),
                null,
                COMPLETENESS,
                List.of());
    }

    @Override
    public SummaryReport summary(Viewer viewer, Period period) {
        return new SummaryReport(
                period, 10, 1, 0.1, 2, 3, List.of(new Tally("a", 5, 0.5)), COMPLETENESS);
    }

    @Override
    public AgentAudit agent(Viewer viewer, String agentId, Period period) {
        return new AgentAudit(
                agentId,
                period,
                COMPLETENESS,
                5,
                1,
                50,
                2,
                0,
                0,
                0,
                0,
                0,
                null,
                TokenCounts.ZERO,
                null,
                List.of(new AgentAudit.ToolUsage("search", 4, 1, 0.25, null)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
