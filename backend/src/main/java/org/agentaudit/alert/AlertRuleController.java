package org.agentaudit.alert;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The pages in which a security analyst writes alert rules and tries them.
@Controller("/alerts/rules")
@Produces(MediaType.TEXT_HTML)
@Secured("SECURITY_ANALYST")
@ExecuteOn(TaskExecutors.BLOCKING)
class AlertRuleController {

    private static final String PATH = "/alerts/rules";
    private static final String EDITOR = "alert/rule";

    /// What a form did, by the word that stands for it in the address.
    private static final Map<String, String> NOTES =
            Map.of(
                    "saved", "The rule is saved and evaluated from now on.",
                    "enabled", "The rule is enabled.",
                    "disabled", "The rule is disabled; its alerts that fired are resolved.",
                    "deleted", "The rule is deleted; its alerts stay.");

    private static final AlertRuleDraft EMPTY =
            new AlertRuleDraft("", "", "PT15M", "page", true, Severity.WARNING);

    private final AlertRules rules;
    private final AlertRulePages rulePages;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Problems problems;

    AlertRuleController(
            AlertRules rules,
            AlertRulePages rulePages,
            FormTokens formTokens,
            Pages pages,
            Problems problems) {
        this.rules = rules;
        this.rulePages = rulePages;
        this.formTokens = formTokens;
        this.pages = pages;
        this.problems = problems;
    }

    /// @param enabled `true` or `false`
    @Introspected
    record SwitchForm(@Nullable String csrf, @Nullable String enabled) {}

    @Get
    HttpResponse<?> list(Viewer viewer, @QueryValue @Nullable String note) {
        return pages.render(
                "alert/rules", rulePages.list(viewer, note == null ? null : NOTES.get(note)));
    }

    /// @param example number of one of the portal's own rules to begin with, from 0
    @Get("/new")
    HttpResponse<?> fresh(@QueryValue @Nullable Integer example) {
        List<AlertRuleDraft> examples = DefaultAlertRules.examples();
        AlertRuleDraft draft =
                example != null && example >= 0 && example < examples.size()
                        ? examples.get(example)
                        : EMPTY;
        return pages.render(EDITOR, rulePages.editor(null, AlertRuleForm.of(draft)));
    }

    @Get("/{id}")
    HttpResponse<?> rule(HttpRequest<?> request, Viewer viewer, @PathVariable String id) {
        return rulePages
                .rule(viewer, id)
                .<HttpResponse<?>>map(
                        rule ->
                                pages.render(
                                        EDITOR, rulePages.editor(rule, AlertRuleForm.of(rule))))
                .orElseGet(() -> gone(request));
    }

    /// Makes or changes a rule.
    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> save(HttpRequest<?> request, Viewer viewer, @Body AlertRuleForm form) {
        formTokens.require(request, form.csrf());
        Optional<AlertRule> rule = rulePages.rule(viewer, form.id());
        if (rule.isEmpty() && form.id() != null && !form.id().isEmpty()) {
            return gone(request);
        }
        try {
            return rules.save(viewer, rule.map(AlertRule::id).orElse(null), form.draft())
                    .<HttpResponse<?>>map(_ -> done("saved"))
                    .orElseGet(() -> gone(request));
        } catch (BadInputException e) {
            return pages.render(EDITOR, rulePages.refused(rule.orElse(null), form, e))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    /// Shows when the rule would have fired; saves nothing.
    @Post("/dry-run")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> dryRun(HttpRequest<?> request, Viewer viewer, @Body AlertRuleForm form) {
        formTokens.require(request, form.csrf());
        AlertRule rule = rulePages.rule(viewer, form.id()).orElse(null);
        try {
            return pages.render(EDITOR, rulePages.tried(viewer, rule, form));
        } catch (BadInputException e) {
            return pages.render(EDITOR, rulePages.refused(rule, form, e))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    @Post("/{id}/enabled")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> enable(
            HttpRequest<?> request, Viewer viewer, @PathVariable String id, @Body SwitchForm form) {
        formTokens.require(request, form.csrf());
        Optional<AlertRule> found = rulePages.rule(viewer, id);
        if (found.isEmpty()) {
            return gone(request);
        }
        AlertRule rule = found.get();
        boolean enabled = "true".equals(form.enabled());
        AlertRuleDraft draft =
                new AlertRuleDraft(
                        rule.name(),
                        rule.condition(),
                        rule.window(),
                        rule.action(),
                        enabled,
                        rule.severity());
        return rules.save(viewer, rule.id(), draft).isPresent()
                ? done(enabled ? "enabled" : "disabled")
                : gone(request);
    }

    @Post("/{id}/delete")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> delete(
            HttpRequest<?> request, Viewer viewer, @PathVariable String id, @Body SwitchForm form) {
        formTokens.require(request, form.csrf());
        Optional<AlertRule> found = rulePages.rule(viewer, id);
        return found.isPresent() && rules.delete(viewer, found.get().id())
                ? done("deleted")
                : gone(request);
    }

    private static HttpResponse<?> done(String note) {
        return HttpResponse.seeOther(URI.create(PATH + "?note=" + note));
    }

    private HttpResponse<?> gone(HttpRequest<?> request) {
        return problems.answer(
                request, HttpStatus.NOT_FOUND, "There is no alert rule with this number.");
    }
}
