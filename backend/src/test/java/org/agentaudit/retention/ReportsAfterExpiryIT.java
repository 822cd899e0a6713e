package org.agentaudit.retention;

import static org.agentaudit.retention.RetentionFixture.OFFICER;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.RegressionQuery;
import org.agentaudit.query.CheckCountsQuery;
import org.agentaudit.query.CostDimension;
import org.agentaudit.query.CountsQuery;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.agentaudit.query.SessionOrder;
import org.agentaudit.query.SessionQuery;
import org.agentaudit.query.Tally;
import org.agentaudit.report.ActionReports;
import org.agentaudit.report.ComplianceReports;
import org.agentaudit.report.CostReport;
import org.agentaudit.report.ErrorAnalysisReport;
import org.agentaudit.report.RandomSessions;
import org.agentaudit.report.Reports;
import org.agentaudit.report.RequestReports;
import org.agentaudit.report.TokenProfiles;
import org.agentaudit.report.UsageReport;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;
import org.agentaudit.verify.StoreVerifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Reports on days whose events have expired, in part and then all, say what they said before.
class ReportsAfterExpiryIT {

    private static final Instant START = Instant.parse("2026-03-10T00:00:00Z");
    private static final int OF_SESSIONS = 500;
    private static final List<String> AGENTS =
            List.of("ops/planner", "ops/runner", "support", "böse\\%_agent", "研究");
    private static final Viewer OPS =
            new Viewer("ops", Set.of(Role.SECURITY_ANALYST), List.of("ops/*"));

    private final RetentionFixture portal =
            new RetentionFixture(Map.of("portal.retention.step-events", 150));
    private Reports reports;
    private ActionReports actions;
    private RequestReports requests;
    private CountsQuery counts;
    private TokenProfiles profiles;
    private SessionQuery sessions;
    private RegressionQuery regressions;
    private ComplianceReports compliance;
    private CheckCountsQuery checkCounts;

    @BeforeEach
    void load() {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println("ReportsAfterExpiryIT -Dseed=" + seed);
        Random random = new Random(seed);
        portal.store(
                RandomEvents.make(random, 2500 - OF_SESSIONS, START, Duration.ofDays(3)).stream()
                        .map(NewEvent::event)
                        .toList());
        portal.store(RandomSessions.make(random, OF_SESSIONS, START, Duration.ofDays(2)));
        portal.clock.now = START.plus(Duration.ofDays(4));
        reports = portal.bean(Reports.class);
        actions = portal.bean(ActionReports.class);
        requests = portal.bean(RequestReports.class);
        counts = portal.bean(CountsQuery.class);
        profiles = portal.bean(TokenProfiles.class);
        sessions = portal.bean(SessionQuery.class);
        regressions = portal.bean(RegressionQuery.class);
        compliance = portal.bean(ComplianceReports.class);
        checkCounts = portal.bean(CheckCountsQuery.class);
    }

    @AfterEach
    void close() {
        portal.close();
    }

    private static Period period(String from, String to) {
        return Period.of(Instant.parse(from), Instant.parse(to));
    }

    /// Every report there is, of whole quarter hours.
    private Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        Period days = period("2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z");
        Period hours = period("2026-03-11T03:15:00Z", "2026-03-11T19:45:00Z");
        Period quarter = period("2026-03-11T12:00:00Z", "2026-03-11T12:15:00Z");
        for (Viewer viewer : List.of(OFFICER, OPS)) {
            String who = viewer.username() + " ";
            for (int day = 9; day <= 13; day++) {
                LocalDate date = LocalDate.of(2026, 3, day);
                all.put(who + date, reports.daily(viewer, date, ZoneOffset.UTC));
                all.put(
                        who + date + " elsewhere",
                        reports.daily(viewer, date, ZoneId.of("Asia/Kathmandu")));
            }
            for (Period period : List.of(days, hours, quarter)) {
                all.put(who + period, reports.summary(viewer, period));
                all.put(who + "tools " + period, actions.toolUsage(viewer, period, null));
                all.put(who + "outcomes " + period, actions.actionOutcomes(viewer, period, 3));
                all.put(who + "errors " + period, errors(viewer, period));
                all.put(who + "runs " + period, counts.runs(viewer, period, null));
                all.put(who + "compliance " + period, compliance.of(viewer, period));
                all.put(who + "profile " + period, profiles.of(viewer, period, null));
                all.put(
                        who + "regressions " + period,
                        regressions.compare(viewer, days, period, null));
                all.put(
                        who + "profile of an agent " + period,
                        profiles.of(viewer, period, "support"));
                all.put(
                        who + "sessions " + period,
                        sessions.page(
                                viewer,
                                period,
                                SessionOrder.MOST_TOKENS_FIRST,
                                PageRequest.first(1000, null)));
                all.put(
                        who + "checks " + period,
                        checkCounts.of(viewer, period, List.of("action-1"), 5));
                for (String agent : AGENTS) {
                    all.put(who + agent + period, reports.agent(viewer, agent, period));
                }
                for (CostDimension by : CostDimension.values()) {
                    all.put(who + by + period, withoutUsers(requests.cost(viewer, period, by)));
                }
                all.put(who + "usage " + period, withoutUsers(requests.usage(viewer, period)));
            }
        }
        return all;
    }

    private List<String> messages(Period period) {
        return actions.errorAnalysis(OFFICER, period, null).messages().stream()
                .map(ErrorAnalysisReport.MessageTally::sample)
                .toList();
    }

    /// Less what shows stored events: samples and evidence go with them.
    private Object errors(Viewer viewer, Period period) {
        ErrorAnalysisReport report = actions.errorAnalysis(viewer, period, null);
        return List.of(
                report.period(),
                report.errors(),
                report.errorTypes(),
                report.byAgent(),
                report.messages().stream()
                        .map(m -> List.of(m.fingerprint(), m.count(), m.share(), m.lastSeen()))
                        .toList(),
                report.suggestions().stream()
                        .map(s -> List.of(s.text(), s.because(), s.errorType(), s.count()))
                        .toList());
    }

    /// Users' ids go with the content, so of them the sums are compared.
    private static Object withoutUsers(CostReport report) {
        if (report.by() != CostDimension.USER) {
            return report;
        }
        return List.of(
                Objects.requireNonNullElse(report.total(), "no cost"),
                report.unpricedRequests(),
                report.rows().stream().mapToLong(CostReport.CostRow::requests).sum(),
                report.rows().stream().mapToLong(row -> row.tokens().total()).sum(),
                report.rows().stream()
                        .map(CostReport.CostRow::cost)
                        .filter(Objects::nonNull)
                        .reduce(BigDecimal.ZERO, BigDecimal::add),
                report.rows().stream()
                        .filter(row -> row.key().equals("unspecified"))
                        .map(CostReport.CostRow::toString)
                        .toList());
    }

    private static Object withoutUsers(UsageReport report) {
        return List.of(
                report.requests(),
                report.successful(),
                report.failed(),
                report.tokens(),
                report.completeness(),
                Optional.ofNullable(report.latency()),
                Optional.ofNullable(report.successLatency()),
                Optional.ofNullable(report.failureLatency()),
                report.byModel(),
                report.errorTypes(),
                report.byUser().stream().mapToLong(Tally::count).sum(),
                report.byUser().stream().filter(t -> t.key().equals("unspecified")).toList());
    }

    private void assertSame(Map<String, Object> before) {
        Map<String, Object> after = all();
        before.forEach((name, report) -> assertEqual(name, after.get(name), report));
    }

    private static void assertEqual(String name, Object after, Object before) {
        assertThat(after)
                .as(name)
                .usingRecursiveComparison()
                .withComparatorForType(
                        (a, b) -> Math.abs(a - b) <= 1e-9 * Math.abs(a) ? 0 : Double.compare(a, b),
                        Double.class)
                .withComparatorForType(BigDecimal::compareTo, BigDecimal.class)
                .isEqualTo(before);
    }

    @Test
    void reports_afterExpiryInPartAndOfAll_areUnchanged() {
        Map<String, Object> before = all();
        List<Long> left = new ArrayList<>();
        List<Long> erroredLeft = new ArrayList<>();
        Period period = period("2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z");
        assertThat(messages(period)).containsExactly("it broke");
        for (int days : List.of(40, 370, 740)) {
            portal.clock.now = START.plus(Duration.ofDays(days));
            assertThat(portal.run().state()).isEqualTo(RetentionRun.State.DONE);
            left.add(portal.number("SELECT count(*) FROM audit_event"));
            erroredLeft.add(portal.number("SELECT count(*) FROM audit_event WHERE errored"));
            assertSame(before);
            // a message that is gone goes on counting, and is not shown
            assertThat(messages(period)).containsExactly("(content removed)");
            assertThat(portal.number("SELECT count(*) FROM trace_message")).isZero();
        }
        assertThat(left.getFirst()).isPositive();
        assertThat(erroredLeft.getFirst()).isPositive();
        assertThat(left.getLast()).isZero();
        Period days = period("2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z");
        assertThat(requests.cost(OFFICER, days, CostDimension.USER).rows())
                .extracting(CostReport.CostRow::key)
                .containsExactlyInAnyOrder("(removed)", "unspecified");
        assertThat(requests.usage(OFFICER, days).byUser())
                .extracting(Tally::key)
                .containsExactlyInAnyOrder("(removed)", "unspecified");
    }

    /// What is counted under a user is what stored events of theirs still say, to the last token;
    /// the rest has gone to `(removed)`, nothing to nowhere.
    @Test
    void users_whoseContentGoesInPartAndIsErased_areCountedByWhatIsLeft() {
        Period days = period("2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z");
        Holds holds = portal.bean(Holds.class);
        portal.texts("SELECT trace_id FROM trace WHERE hashtext(trace_id) % 2 = 0")
                .forEach(trace -> holds.holdTrace("legal", trace, "half of them"));
        Object before = withoutUsers(requests.cost(OFFICER, days, CostDimension.USER));
        portal.bean(Erasures.class).erase("dpo", "user-1", false, "asked");
        assertUsersAreThoseOfStoredContent(days);
        for (int after : List.of(33, 40, 740)) {
            portal.clock.now = START.plus(Duration.ofDays(after));
            portal.run();
            assertUsersAreThoseOfStoredContent(days);
            assertEqual(
                    "users",
                    withoutUsers(requests.cost(OFFICER, days, CostDimension.USER)),
                    before);
        }
        assertThat(portal.number("SELECT count(*) FROM event_content WHERE user_id = 'user-1'"))
                .as("kept by a hold")
                .isPositive();
        assertThat(portal.bean(StoreVerifier.class).verify((of, done) -> {}).counts()).isEmpty();
    }

    private void assertUsersAreThoseOfStoredContent(Period days) {
        assertThat(
                        requests.cost(OFFICER, days, CostDimension.USER).rows().stream()
                                .filter(row -> row.key().startsWith("user-"))
                                .map(
                                        row ->
                                                "%s %d %d %s"
                                                        .formatted(
                                                                row.key(),
                                                                row.requests(),
                                                                row.tokens().total(),
                                                                Objects.requireNonNull(row.cost())
                                                                        .stripTrailingZeros()
                                                                        .toPlainString())))
                .containsExactlyInAnyOrderElementsOf(
                        portal.texts(
                                """
                                SELECT format('%s %s %s %s', user_id, count(*),
                                              sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)),
                                              trim_scale(sum(cost_usd)))
                                  FROM audit_event
                                  JOIN event_content USING (trace_id, occurred_at, event_id)
                                 WHERE user_id IS NOT NULL AND (input_tokens IS NOT NULL OR cost_usd IS NOT NULL)
                                 GROUP BY user_id
                                """));
    }

    /// A hold keeps half of the traces, so that every report is made of both kinds.
    @Test
    void reports_onExpiredAndStoredEventsTogether_areUnchanged() {
        Map<String, Object> before = all();
        Holds holds = portal.bean(Holds.class);
        portal.texts("SELECT trace_id FROM trace WHERE hashtext(trace_id) % 2 = 0")
                .forEach(trace -> holds.holdTrace("legal", trace, "half of them"));
        portal.clock.now = START.plus(Duration.ofDays(740));
        portal.run();
        assertThat(portal.number("SELECT count(*) FROM audit_event")).isBetween(500L, 2000L);
        // of the stored half, the check says that nothing is there that should not be
        assertSame(before);
    }

    /// What a run moves from events to the kept numbers is never in both, nor in neither.
    @Test
    void reports_whileARunIsUnderWay_areUnchanged() {
        Period days = period("2026-03-10T00:00:00Z", "2026-03-13T00:00:00Z");
        Map<String, Object> before = new LinkedHashMap<>();
        AGENTS.forEach(agent -> before.put(agent, reports.agent(OFFICER, agent, days)));
        portal.clock.now = START.plus(Duration.ofDays(740));
        CompletableFuture<RetentionRun> run = CompletableFuture.supplyAsync(portal::run);
        while (!run.isDone()) {
            for (String agent : AGENTS) {
                assertEqual(agent, reports.agent(OFFICER, agent, days), before.get(agent));
            }
        }
        assertThat(run.join().events()).isEqualTo(2500);
    }

    @Test
    void periodThatCutsAnExpiredQuarterHour_isWidenedToTheWhole() {
        Period cut = period("2026-03-11T03:20:00Z", "2026-03-11T19:40:00Z");
        Period whole = period("2026-03-11T03:15:00Z", "2026-03-11T19:45:00Z");
        long exact = reports.summary(OFFICER, cut).events();
        assertThat(exact).isLessThan(reports.summary(OFFICER, whole).events());
        assertThat(reports.summary(OFFICER, cut).period().from()).isEqualTo(cut.from());
        Object before = reports.summary(OFFICER, whole);
        Object agent = reports.agent(OFFICER, "support", whole);
        Object tools = actions.toolUsage(OFFICER, whole, null);
        portal.clock.now = START.plus(Duration.ofDays(740));
        portal.run();
        assertEqual("summary", reports.summary(OFFICER, cut), before);
        assertEqual("tools", actions.toolUsage(OFFICER, cut, null), tools);
        assertEqual("agent", reports.agent(OFFICER, "support", cut), agent);
    }
}
