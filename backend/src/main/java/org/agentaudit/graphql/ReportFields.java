package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.agentaudit.finding.FindingCount;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.LatencyStats;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.Tally;
import org.agentaudit.report.DailySummary;
import org.agentaudit.report.Reports;
import org.agentaudit.report.SummaryReport;
import org.jspecify.annotations.Nullable;

/// `dailySummary`, `summaryReport` and the fields of reports.
@Singleton
final class ReportFields implements FieldSource {
    private static final int QUARTER_HOUR_SECONDS = 900;

    private final Reports reports;

    ReportFields(Reports reports) {
        this.reports = reports;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "dailySummary", this::dailySummary);
        fields.field("Query", "summaryReport", this::summaryReport);
        fields.record("DailySummary", DailySummary.class);
        fields.field("DailySummary", "topAgents", ReportFields::topAgents);
        fields.value("DailySummary", "timeZone", DailySummary.class, day -> day.timeZone().getId());
        fields.record("FindingCount", FindingCount.class);
        fields.record("DayReview", DailySummary.DayReview.class);
        fields.record("AgentDay", DailySummary.AgentDay.class);
        fields.record("DayComparison", DailySummary.DayComparison.class);
        fields.record("SummaryReport", SummaryReport.class);
        fields.record("Period", Period.class);
        fields.record("Tally", Tally.class);
        fields.record("LatencyStats", LatencyStats.class);
    }

    private DailySummary dailySummary(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        LocalDate date = arguments.requiredDay("date");
        ZoneId zone = zone(arguments.text("timeZone"), date);
        RequestContext context = RequestContext.of(environment);
        DailySummary summary = reports.daily(context.viewer(), date, zone);
        context.disclosed().report("daily summary %s %s".formatted(date, zone));
        return summary;
    }

    private SummaryReport summaryReport(DataFetchingEnvironment environment) {
        Period period = Arguments.of(environment).requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        SummaryReport report = reports.summary(context.viewer(), period);
        context.disclosed().report("summary report %s/%s".formatted(period.from(), period.to()));
        return report;
    }

    private static List<DailySummary.AgentDay> topAgents(DataFetchingEnvironment environment) {
        DailySummary summary = RequestContext.source(environment);
        int first =
                Objects.requireNonNullElse(
                        Arguments.of(environment).page().first(), PageRequest.DEFAULT_SIZE);
        return summary.topAgents().stream().limit(first).toList();
    }

    /// The zone asked for, else that of the reports.
    private ZoneId zone(@Nullable String id, LocalDate date) {
        if (id == null) {
            return reports.timeZone();
        }
        ZoneId zone;
        try {
            zone = ZoneId.of(id);
        } catch (DateTimeException e) {
            throw new BadInputException(
                    "'timeZone' must be a time zone id, for instance Europe/Zurich or +05:45.");
        }
        requireQuarterHour(zone, date);
        requireQuarterHour(zone, date.plusDays(1));
        return zone;
    }

    /// Counters are kept per quarter hour of UTC, so days must start and end on one.
    private static void requireQuarterHour(ZoneId zone, LocalDate day) {
        long start = day.atStartOfDay(zone).toEpochSecond();
        if (Math.floorMod(start, QUARTER_HOUR_SECONDS) != 0) {
            throw new BadInputException(
                    "'timeZone' must have an offset of whole quarter hours on that day.");
        }
    }
}
