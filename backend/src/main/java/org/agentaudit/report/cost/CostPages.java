package org.agentaudit.report.cost;

import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.Period;
import org.agentaudit.query.PeriodChoice;
import org.agentaudit.report.CostReport;
import org.agentaudit.report.CostReport.CostRow;
import org.agentaudit.report.RequestReports;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// Makes the cost page out of the report that GraphQL answers.
@Singleton
class CostPages {

    static final String PATH = "/costs";

    private static final int PAGE_SIZE = 50;

    /// What the table may show, in the order of the page; users are content and stay to GraphQL.
    private static final List<CostDimension> DIMENSIONS =
            List.of(
                    CostDimension.MODEL,
                    CostDimension.AGENT,
                    CostDimension.DAY,
                    CostDimension.TASK,
                    CostDimension.SESSION);

    /// How the table may be sorted.
    private enum Order {
        COST("Cost"),
        REQUESTS("Requests"),
        TOKENS("Tokens"),
        NAME("Name");

        private final String label;

        Order(String label) {
            this.label = label;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final RequestReports reports;
    private final Format format;
    private final Clock clock;

    CostPages(RequestReports reports, Format format, Clock clock) {
        this.reports = reports;
        this.format = format;
        this.clock = clock;
    }

    /// @param by as in the address, for instance `model`; null: by model
    /// @throws BadInputException for a dimension that is not shown
    CostReport report(Viewer viewer, PeriodChoice choice, @Nullable String by) {
        return reports.cost(viewer, choice.period(), dimension(by));
    }

    /// @param sort  `cost`, `requests`, `tokens` or `name`; null: by cost
    /// @param after rows of the parts before; null: the first part
    CostPage page(
            Viewer viewer,
            PeriodChoice choice,
            @Nullable String by,
            @Nullable String sort,
            @Nullable Integer after) {
        CostDimension dimension = dimension(by);
        Order order = order(sort, dimension);
        CostReport report = reports.cost(viewer, choice.period(), dimension);
        CostReport before = reports.cost(viewer, before(choice.period()), CostDimension.MODEL);
        int start = after == null ? 0 : Math.clamp(after, 0, report.rows().size());
        List<CostRow> sorted = report.rows().stream().sorted(comparator(order)).toList();
        List<CostRow> part = sorted.subList(start, Math.min(sorted.size(), start + PAGE_SIZE));
        Instant now = clock.instant();
        Double change = change(number(report.total()), number(before.total()));
        return new CostPage(
                choice,
                report,
                sentence(report, change),
                change,
                change((double) report.requests(), (double) before.requests()),
                DIMENSIONS.stream()
                        .map(
                                one ->
                                        new CostPage.Option(
                                                label(one),
                                                address(choice, one, null, 0),
                                                one == dimension))
                        .toList(),
                List.of(Order.values()).stream()
                        .map(
                                one ->
                                        new CostPage.Option(
                                                one == Order.NAME ? label(dimension) : one.label,
                                                address(choice, dimension, one, 0),
                                                one == order))
                        .toList(),
                label(dimension),
                part.stream().map(row -> row(row, report, choice)).toList(),
                start == 0 ? null : address(choice, dimension, order, 0),
                start + PAGE_SIZE < sorted.size()
                        ? address(choice, dimension, order, start + PAGE_SIZE)
                        : null,
                report.optimizations().stream()
                        .map(
                                one ->
                                        new CostPage.Saving(
                                                one,
                                                one.agentId() == null
                                                        ? null
                                                        : events(choice, "agent", one.agentId())))
                        .toList(),
                new CostPage.Files(
                        file(choice, dimension, ".json"),
                        file(choice, dimension, ".csv"),
                        address(choice, dimension, order, 0)),
                choice.isOver(now),
                now);
    }

    private String sentence(CostReport report, @Nullable Double change) {
        if (report.requests() == 0) {
            return "No model request was recorded in this period.";
        }
        if (report.total() == null) {
            return format.count(report.requests(), "model request", "model requests")
                    + ", none of which could be priced.";
        }
        String text =
                format.money(report.total())
                        + " for "
                        + format.count(report.requests(), "model request", "model requests")
                        + (change == null
                                ? ""
                                : ", " + format.change(change) + " against the period before");
        CostRow top = report.rows().isEmpty() ? null : report.rows().getFirst();
        BigDecimal cost = top == null ? null : top.cost();
        if (top != null && cost != null && report.total().signum() > 0) {
            text +=
                    "; the most for "
                            + label(report.by()).toLowerCase(Locale.ROOT)
                            + " "
                            + top.key()
                            + ", "
                            + format.percent(share(cost, report.total()));
        }
        return text + ".";
    }

    private CostPage.Row row(CostRow row, CostReport report, PeriodChoice choice) {
        BigDecimal cost = row.cost();
        BigDecimal total = report.total();
        return new CostPage.Row(
                row,
                cost == null || total == null || total.signum() == 0 ? null : share(cost, total),
                row.tokens().input() == 0
                        ? null
                        : (double) row.tokens().cached() / row.tokens().input(),
                cost == null || row.requests() == 0
                        ? null
                        : cost.divide(BigDecimal.valueOf(row.requests()), 8, RoundingMode.HALF_UP),
                evidence(row.key(), report.by(), choice));
    }

    private static @Nullable String evidence(String key, CostDimension by, PeriodChoice choice) {
        if (key.equals(EventFilter.UNSPECIFIED)) {
            return null;
        }
        return switch (by) {
            case AGENT -> events(choice, "agent", key);
            case TASK -> events(choice, "task", key);
            case SESSION -> events(choice, "session", key);
            case DAY ->
                    Links.address("/events", query("type", "LLM_RESPONSE", "from", key, "to", key));
            case MODEL -> events(choice, "model", key);
            case USER -> null;
        };
    }

    /// Model responses of the period with one filter of the explorer.
    private static String events(PeriodChoice choice, String name, String value) {
        return Links.address(
                "/events",
                query(
                        name,
                        value,
                        "type",
                        "LLM_RESPONSE",
                        "from",
                        choice.first().toString(),
                        "to",
                        choice.last().toString()));
    }

    private static Map<String, List<String>> query(String... namesAndValues) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return query;
    }

    private static String file(PeriodChoice choice, CostDimension by, String ending) {
        return address(choice, PATH + ending, by, null, 0);
    }

    private static String address(
            PeriodChoice choice, CostDimension by, @Nullable Order order, int after) {
        return address(choice, PATH, by, order, after);
    }

    private static String address(
            PeriodChoice choice, String path, CostDimension by, @Nullable Order order, int after) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put(
                "from",
                List.of((choice.wholeDays() ? choice.first() : choice.period().from()).toString()));
        query.put(
                "to",
                List.of((choice.wholeDays() ? choice.last() : choice.period().to()).toString()));
        query.put("by", List.of(key(by)));
        query.put("sort", order == null ? List.of() : List.of(order.key()));
        query.put("after", after == 0 ? List.of() : List.of(Integer.toString(after)));
        return Links.address(path, query);
    }

    private static Comparator<CostRow> comparator(Order order) {
        Comparator<CostRow> byName = Comparator.comparing(CostRow::key);
        return switch (order) {
            case COST ->
                    Comparator.comparing(
                                    CostRow::cost, Comparator.nullsFirst(Comparator.naturalOrder()))
                            .reversed()
                            .thenComparing(byName);
            case REQUESTS ->
                    Comparator.comparingLong(CostRow::requests).reversed().thenComparing(byName);
            case TOKENS ->
                    Comparator.comparingLong((CostRow row) -> row.tokens().total())
                            .reversed()
                            .thenComparing(byName);
            case NAME -> byName;
        };
    }

    private static Period before(Period period) {
        Duration length = Duration.between(period.from(), period.to());
        return Period.of(period.from().minus(length), period.from());
    }

    private static @Nullable Double number(@Nullable BigDecimal amount) {
        return amount == null ? null : amount.doubleValue();
    }

    private static @Nullable Double change(@Nullable Double now, @Nullable Double before) {
        return now == null || before == null || before == 0 ? null : (now - before) / before;
    }

    private static double share(BigDecimal part, BigDecimal whole) {
        return part.doubleValue() / whole.doubleValue();
    }

    private static String key(CostDimension dimension) {
        return dimension.name().toLowerCase(Locale.ROOT);
    }

    private static String label(CostDimension dimension) {
        String key = key(dimension);
        return Character.toUpperCase(key.charAt(0)) + key.substring(1);
    }

    private static CostDimension dimension(@Nullable String by) {
        if (by == null || by.isEmpty()) {
            return CostDimension.MODEL;
        }
        return DIMENSIONS.stream()
                .filter(one -> key(one).equals(by))
                .findFirst()
                .orElseThrow(
                        () ->
                                new BadInputException(
                                        "The parameter 'by' takes model, agent, day, task or"
                                                + " session."));
    }

    private static Order order(@Nullable String sort, CostDimension by) {
        if (sort == null || sort.isEmpty()) {
            return by == CostDimension.DAY ? Order.NAME : Order.COST;
        }
        for (Order order : Order.values()) {
            if (order.key().equals(sort)) {
                return order;
            }
        }
        throw new BadInputException("The parameter 'sort' takes cost, requests, tokens or name.");
    }
}
