package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.Alert;
import org.agentaudit.alert.AlertDelivery;
import org.agentaudit.alert.AlertDryRun;
import org.agentaudit.alert.AlertFeed;
import org.agentaudit.alert.AlertRule;
import org.agentaudit.alert.AlertRuleDraft;
import org.agentaudit.alert.AlertRules;
import org.agentaudit.alert.AlertState;
import org.agentaudit.alert.Alerts;
import org.agentaudit.alert.DryRuns;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.Page;
import org.agentaudit.query.Period;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/// Alert rules and alerts: queries, mutations, `alertChanged` and fields.
@Singleton
final class AlertFields implements FieldSource {

    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

    private final AlertRules rules;
    private final Alerts alerts;
    private final DryRuns dryRuns;
    private final AlertFeed feed;

    AlertFields(AlertRules rules, Alerts alerts, DryRuns dryRuns, AlertFeed feed) {
        this.rules = rules;
        this.alerts = alerts;
        this.dryRuns = dryRuns;
        this.feed = feed;
    }

    @Override
    public void register(FieldRegistry fields) {
        fields.field("Query", "alertRules", this::rules);
        fields.field("Query", "alerts", this::alerts);
        fields.field("Query", "dryRunAlertRule", this::dryRun);
        fields.field("Mutation", "saveAlertRule", this::save);
        fields.field("Mutation", "deleteAlertRule", this::delete);
        fields.field("Mutation", "acknowledgeAlert", this::acknowledge);
        fields.field("Subscription", "alertChanged", this::changed);
        fields.record("AlertRule", AlertRule.class);
        fields.record("Alert", Alert.class);
        fields.field("Alert", "evidence", AlertFields::evidence);
        Connection.register(fields, "AlertConnection");
        fields.record("AlertEdge", Page.Edge.class);
        fields.record("AlertDelivery", AlertDelivery.class);
        fields.record("AlertDryRun", AlertDryRun.class);
        fields.record("AlertEpisode", AlertDryRun.Episode.class);
    }

    private List<AlertRule> rules(DataFetchingEnvironment environment) {
        return rules.list(viewer(environment));
    }

    private Connection<Alert> alerts(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        return new Connection<>(
                alerts.page(
                        viewer(environment),
                        arguments.choice("state", AlertState.class),
                        arguments.page()));
    }

    private Publisher<Alert> changed(DataFetchingEnvironment environment) {
        RequestContext context = RequestContext.of(environment);
        return Live.follow(context, feed, new AlertFeed.Question(context.viewer()));
    }

    private AlertDryRun dryRun(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        AlertRuleDraft draft = draft(arguments);
        Period period = arguments.requiredPeriod("period");
        RequestContext context = RequestContext.of(environment);
        AlertDryRun run = dryRuns.run(context.viewer(), draft, period);
        context.disclosed()
                .report("dry run of an alert rule %s/%s".formatted(period.from(), period.to()));
        return run;
    }

    private AlertRule save(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        String id = arguments.text("id");
        Long number = id == null ? null : number(id);
        if (id != null && number == null) {
            throw noRule();
        }
        return rules.save(viewer(environment), number, draft(arguments))
                .orElseThrow(AlertFields::noRule);
    }

    private boolean delete(DataFetchingEnvironment environment) {
        Long number = number(Arguments.of(environment).requiredText("id"));
        return number != null && rules.delete(viewer(environment), number);
    }

    private Alert acknowledge(DataFetchingEnvironment environment) {
        Arguments arguments = Arguments.of(environment);
        Long number = number(arguments.requiredText("id"));
        if (number == null) {
            throw noAlert();
        }
        return alerts.acknowledge(viewer(environment), number, arguments.text("note"))
                .orElseThrow(AlertFields::noAlert);
    }

    /// Those that are still stored and in scope, newest first.
    private static CompletableFuture<List<AuditEvent>> evidence(
            DataFetchingEnvironment environment) {
        Alert alert = RequestContext.source(environment);
        List<CompletableFuture<@Nullable AuditEvent>> events =
                alert.evidenceIds().stream().map(id -> Loaders.event(environment, id)).toList();
        return CompletableFuture.allOf(events.toArray(CompletableFuture[]::new))
                .thenApply(
                        _ ->
                                events.stream()
                                        .map(CompletableFuture::join)
                                        .filter(Objects::nonNull)
                                        .toList());
    }

    private static AlertRuleDraft draft(Arguments arguments) {
        Arguments rule = Objects.requireNonNull(arguments.object("rule"));
        return new AlertRuleDraft(
                rule.requiredText("name"),
                rule.requiredText("condition"),
                rule.requiredText("window"),
                rule.requiredText("action"),
                !Boolean.FALSE.equals(rule.flag("enabled")),
                Objects.requireNonNullElse(
                        rule.choice("severity", Severity.class), Severity.WARNING));
    }

    private static Viewer viewer(DataFetchingEnvironment environment) {
        return RequestContext.of(environment).viewer();
    }

    /// Null for a text that no id is.
    private static @Nullable Long number(String id) {
        return NUMBER.matcher(id).matches() ? Long.valueOf(id) : null;
    }

    private static GraphQlException noRule() {
        return new GraphQlException(ErrorCode.NOT_FOUND, "There is no alert rule of that id.");
    }

    private static GraphQlException noAlert() {
        return new GraphQlException(ErrorCode.NOT_FOUND, "There is no alert of that id.");
    }
}
