package org.agentaudit.report;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.compliance.CheckDay;
import org.agentaudit.compliance.CheckHistory;
import org.agentaudit.compliance.CheckResult.Verdict;
import org.agentaudit.compliance.Verdicts;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.Period;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Marks;
import org.jspecify.annotations.Nullable;

/// Puts together the pages of days.
@Singleton
class DailyPages {

    static final int DAYS = 30;

    private final Reports reports;
    private final RequestReports requests;
    private final Attentions attentions;
    private final DayReviews reviews;
    private final CheckHistory history;
    private final CountsQuery counts;
    private final Format format;
    private final Clock clock;
    private final Links link = new Links();
    private final Marks marks = new Marks();

    DailyPages(
            Reports reports,
            RequestReports requests,
            Attentions attentions,
            DayReviews reviews,
            CheckHistory history,
            CountsQuery counts,
            Format format,
            Clock clock) {
        this.reports = reports;
        this.requests = requests;
        this.attentions = attentions;
        this.reviews = reviews;
        this.history = history;
        this.counts = counts;
        this.format = format;
        this.clock = clock;
    }

    DailyPage of(Viewer viewer, LocalDate date) {
        Instant now = clock.instant();
        DailySummary day = reports.daily(viewer, date, format.zone());
        Period period = Period.of(day.from(), day.to());
        CostReport costs = requests.cost(viewer, period, CostDimension.MODEL);
        String costsHref =
                Links.address(
                        "/costs",
                        Map.of("from", List.of(date.toString()), "to", List.of(date.toString())));
        return DailyPage.of(
                day,
                new DailyPage.Parts(
                        attentions.of(viewer, day),
                        DailyCharts.activity(counts.hours(viewer, period), now, format),
                        DailyCharts.costs(costs, costsHref, format),
                        viewer.has(Role.COMPLIANCE_OFFICER)),
                format.date(now),
                now,
                format);
    }

    /// The days up to `last`, newest first.
    DaysPage days(Viewer viewer, LocalDate last) {
        Instant now = clock.instant();
        LocalDate first = last.minusDays(DAYS - 1L);
        boolean whole = viewer.agentScope().isEmpty();
        Map<LocalDate, List<CheckDay>> verdicts =
                whole ? history.days(viewer, first, last.plusDays(1)) : Map.of();
        Map<LocalDate, List<DailySummary.DayReview>> reviewed =
                reviews.between(viewer, first, last.plusDays(1));
        List<DaysPage.Day> days = new ArrayList<>();
        for (LocalDate day = last; !day.isBefore(first); day = day.minusDays(1)) {
            days.add(
                    new DaysPage.Day(
                            day,
                            verdict(verdicts.get(day)),
                            exceptions(verdicts.get(day)),
                            reviewed.getOrDefault(day, List.of())));
        }
        long signed = days.stream().filter(day -> !day.reviews().isEmpty()).count();
        LocalDate today = format.date(now);
        return new DaysPage(
                days,
                signed + " of " + DAYS + " days are reviewed.",
                whole ? strip(days) : null,
                first.minusDays(1),
                last.isBefore(today) ? today : null,
                now);
    }

    private static @Nullable Verdict verdict(@Nullable List<CheckDay> checks) {
        return checks == null
                ? null
                : Verdicts.overall(checks.stream().map(CheckDay::verdict).toList());
    }

    private static int exceptions(@Nullable List<CheckDay> checks) {
        return checks == null
                ? 0
                : (int)
                        checks.stream()
                                .map(CheckDay::verdict)
                                .filter(
                                        verdict ->
                                                verdict == Verdict.FAIL || verdict == Verdict.WARN)
                                .count();
    }

    private Chart strip(List<DaysPage.Day> newestFirst) {
        List<DaysPage.Day> days = newestFirst.reversed();
        List<Point> verdicts =
                days.stream()
                        .map(
                                day ->
                                        day.verdict() == null
                                                ? Point.gap("not evaluated")
                                                : Point.state(
                                                        hue(day.verdict()),
                                                        marks.word(day.verdict()),
                                                        link.daily(day.date())))
                        .toList();
        long failed = days.stream().filter(day -> day.verdict() == Verdict.FAIL).count();
        return Chart.of(
                Kind.VERDICTS,
                "Verdicts by day",
                failed == 0
                        ? "No check failed on a day that was evaluated."
                        : "A check failed on " + format.count(failed, "day", "days") + ".",
                Axis.COUNT,
                "Day",
                days.stream().map(day -> day.date().toString()).toList(),
                List.of(new Series("Worst verdict", Hue.UNKNOWN, verdicts)));
    }

    private static Hue hue(Verdict verdict) {
        return switch (verdict) {
            case PASS -> Hue.OK;
            case WARN -> Hue.WARNING;
            case FAIL -> Hue.FAILED;
            case INSUFFICIENT_EVIDENCE -> Hue.UNKNOWN;
            case NOT_APPLICABLE -> Hue.NONE;
        };
    }
}
