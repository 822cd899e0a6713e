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
import java.util.Objects;
import java.util.regex.Pattern;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The pages of alerts, which hold no event content, and the form that acknowledges one.
@Controller("/alerts")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class AlertController {

    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");

    private final AlertLists lists;
    private final Alerts alerts;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Problems problems;
    private final Links link = new Links();

    AlertController(
            AlertLists lists,
            Alerts alerts,
            FormTokens formTokens,
            Pages pages,
            Problems problems) {
        this.lists = lists;
        this.alerts = alerts;
        this.formTokens = formTokens;
        this.pages = pages;
        this.problems = problems;
    }

    @Introspected
    record AcknowledgeForm(@Nullable String csrf, @Nullable String note) {}

    @Get
    HttpResponse<?> list(
            Viewer viewer,
            @QueryValue @Nullable String state,
            @QueryValue @Nullable String severity,
            @QueryValue @Nullable String rule,
            @QueryValue @Nullable String after) {
        try {
            return pages.render(
                    "alert/list",
                    lists.list(
                            viewer,
                            AlertQuery.of(state, severity, rule),
                            after == null || after.isEmpty() ? null : after,
                            null));
        } catch (BadInputException e) {
            return pages.render(
                            "alert/list",
                            lists.list(
                                    viewer,
                                    AlertQuery.ALL,
                                    null,
                                    Objects.toString(e.getMessage(), "")))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    @Get("/{id}")
    HttpResponse<?> alert(HttpRequest<?> request, Viewer viewer, @PathVariable String id) {
        return lists.alert(viewer, number(id), "", null)
                .<HttpResponse<?>>map(page -> pages.render("alert/alert", page))
                .orElseGet(() -> gone(request));
    }

    @Post("/{id}/acknowledge")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST"})
    HttpResponse<?> acknowledge(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Body AcknowledgeForm form) {
        formTokens.require(request, form.csrf());
        String note = form.note() == null ? "" : form.note().strip();
        try {
            return alerts.acknowledge(viewer, number(id), note.isEmpty() ? null : note)
                    .<HttpResponse<?>>map(
                            alert -> HttpResponse.seeOther(URI.create(link.alert(alert.id()))))
                    .orElseGet(() -> gone(request));
        } catch (BadInputException e) {
            return lists.alert(viewer, number(id), note, e.getMessage())
                    .<HttpResponse<?>>map(
                            page ->
                                    pages.render("alert/alert", page)
                                            .status(HttpStatus.BAD_REQUEST))
                    .orElseGet(() -> gone(request));
        }
    }

    private HttpResponse<?> gone(HttpRequest<?> request) {
        return problems.answer(
                request,
                HttpStatus.NOT_FOUND,
                "There is no alert with this number, or its numbers rest on agents that you may not see.");
    }

    /// 0, which no alert has, for what is no number.
    private static long number(String id) {
        return NUMBER.matcher(id).matches() ? Long.parseLong(id) : 0;
    }
}
