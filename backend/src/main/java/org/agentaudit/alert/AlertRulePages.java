package org.agentaudit.alert;

import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.chart.Chart;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Period;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// Puts together the pages of alert rules.
@Singleton
class AlertRulePages {

    static final int DAYS = 7;

    private static final Pattern PLACE =
            Pattern.compile("'condition', line (\\d{1,6}), column (\\d{1,6}): .*", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile("'(name|condition|window|action)'.*", Pattern.DOTALL);

    private final TransactionOperations<Connection> transactions;
    private final AlertListRepository repository;
    private final AlertRules rules;
    private final AlertTargets targets;
    private final DryRuns dryRuns;
    private final ViewLog viewLog;
    private final Format format;
    private final Clock clock;

    AlertRulePages(
            TransactionOperations<Connection> transactions,
            AlertListRepository repository,
            AlertRules rules,
            AlertTargets targets,
            DryRuns dryRuns,
            ViewLog viewLog,
            Format format,
            Clock clock) {
        this.transactions = transactions;
        this.repository = repository;
        this.rules = rules;
        this.targets = targets;
        this.dryRuns = dryRuns;
        this.viewLog = viewLog;
        this.format = format;
        this.clock = clock;
    }

    AlertRuleListPage list(Viewer viewer, @Nullable String note) {
        List<AlertRule> all = rules.list(viewer);
        List<TargetState> sent = sent(all.stream().map(AlertRule::id).toList());
        return new AlertRuleListPage(
                all.stream()
                        .map(
                                rule ->
                                        new AlertRuleListPage.Row(
                                                rule,
                                                sent.stream()
                                                        .filter(one -> one.ruleId() == rule.id())
                                                        .toList()))
                        .toList(),
                note,
                clock.instant());
    }

    /// Empty when there is no such rule for the viewer.
    Optional<AlertRule> rule(Viewer viewer, @Nullable String id) {
        return rules.list(viewer).stream()
                .filter(rule -> Long.toString(rule.id()).equals(id))
                .findFirst();
    }

    AlertRulePage editor(@Nullable AlertRule rule, AlertRuleForm form) {
        return page(rule, form, null, null, null);
    }

    /// The editor with what cannot be used.
    AlertRulePage refused(@Nullable AlertRule rule, AlertRuleForm form, BadInputException e) {
        return page(rule, form, Objects.toString(e.getMessage(), ""), null, null);
    }

    /// The editor with what a dry run shows.
    ///
    /// @throws BadInputException for a draft that cannot be used
    AlertRulePage tried(Viewer viewer, @Nullable AlertRule rule, AlertRuleForm form) {
        Instant now = clock.instant();
        Instant from = now.minus(Duration.ofDays(days(form)));
        targets.of(form.draft().action());
        AlertDryRun run = dryRuns.run(viewer, form.draft(), Period.of(from, now));
        viewLog.report(viewer, "dry run of an alert rule %s/%s".formatted(from, now));
        return page(rule, form, null, run, AlertCharts.wouldHaveFired(run, from, now, format));
    }

    private AlertRulePage page(
            @Nullable AlertRule rule,
            AlertRuleForm form,
            @Nullable String problem,
            @Nullable AlertDryRun run,
            @Nullable Chart chart) {
        return new AlertRulePage(
                rule,
                form,
                problem,
                field(problem),
                place(problem, form),
                run,
                days(form),
                chart,
                Arrays.stream(ConditionSource.values()).map(AlertRulePages::fields).toList(),
                targets.names(),
                DefaultAlertRules.examples(),
                rule == null ? List.of() : sent(List.of(rule.id())),
                clock.instant());
    }

    private List<TargetState> sent(List<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : transactions.executeRead(
                        status -> repository.lastDeliveries(status.getConnection(), ids));
    }

    private static int days(AlertRuleForm form) {
        Integer days = form.days();
        return days == null || days < 1 || days > 90 ? DAYS : days;
    }

    private static String field(@Nullable String problem) {
        Matcher named = FIELD.matcher(problem == null ? "" : problem);
        return named.matches() ? named.group(1) : "";
    }

    static AlertRulePage.@Nullable Place place(@Nullable String problem, AlertRuleForm form) {
        Matcher at = PLACE.matcher(problem == null ? "" : problem);
        if (!at.matches()) {
            return null;
        }
        int number = Integer.parseInt(at.group(1));
        int column = Integer.parseInt(at.group(2));
        String[] lines = form.draft().condition().split("\n", -1);
        String line = number <= lines.length ? lines[number - 1] : "";
        int cut = Math.min(column - 1, line.length());
        return new AlertRulePage.Place(number, column, line.substring(0, cut), line.substring(cut));
    }

    private static AlertRulePage.SourceFields fields(ConditionSource source) {
        return new AlertRulePage.SourceFields(
                source.word(),
                source.fields().stream()
                        .sorted()
                        .map(
                                field ->
                                        new AlertRulePage.Field(
                                                field.word(),
                                                switch (field.type()) {
                                                    case TEXT -> "text";
                                                    case WORD -> field.choices();
                                                    case FLAG -> "true, false";
                                                    case NUMBER -> "number";
                                                }))
                        .toList());
    }
}
