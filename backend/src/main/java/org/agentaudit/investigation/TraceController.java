package org.agentaudit.investigation;

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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentaudit.access.ViewLog;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventFilter;
import org.agentaudit.incident.Incident;
import org.agentaudit.incident.Incidents;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The page of one trace, the record of its events, and the form that opens an incident on it.
@Controller("/traces")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class TraceController {

    private static final String VIEW = "investigation/trace";
    private static final int RECORDS = 25;

    private final TraceQuery traces;
    private final EventQuery events;
    private final Incidents incidents;
    private final TracePages tracePages;
    private final ViewLog viewLog;
    private final Pages pages;
    private final Problems problems;
    private final FormTokens formTokens;
    private final Format format;
    private final Links link = new Links();

    TraceController(
            TraceQuery traces,
            EventQuery events,
            Incidents incidents,
            TracePages tracePages,
            ViewLog viewLog,
            Pages pages,
            Problems problems,
            FormTokens formTokens,
            Format format) {
        this.traces = traces;
        this.events = events;
        this.incidents = incidents;
        this.tracePages = tracePages;
        this.viewLog = viewLog;
        this.pages = pages;
        this.problems = problems;
        this.formTokens = formTokens;
        this.format = format;
    }

    @Introspected
    record IncidentForm(@Nullable String csrf, @Nullable String title, @Nullable String severity) {}

    /// @param part which part of all steps the waterfall shows, from 1; without it the whole
    ///     waterfall, or the steps that matter most
    @Get("/{id}")
    HttpResponse<?> trace(
            HttpRequest<?> request,
            @PathVariable String id,
            Viewer viewer,
            @Nullable @QueryValue Integer part) {
        Optional<Trace> trace = traces.byId(viewer, id);
        if (trace.isEmpty()) {
            return unknown(request);
        }
        viewLog.report(viewer, link.trace(id));
        return pages.render(VIEW, tracePages.of(viewer, trace.get(), part, null));
    }

    @Get("/{id}/events")
    HttpResponse<?> record(
            HttpRequest<?> request,
            @PathVariable String id,
            Viewer viewer,
            @Nullable @QueryValue String after) {
        Optional<Trace> trace = traces.byId(viewer, id);
        if (trace.isEmpty()) {
            return unknown(request);
        }
        Page<AuditEvent> found =
                events.find(
                        viewer,
                        EventFilter.builder().traceId(id).build(),
                        EventOrder.OLDEST_FIRST,
                        PageRequest.first(RECORDS, after));
        viewLog.report(viewer, link.traceRecord(id));
        viewLog.content(viewer, found.nodes());
        String end = found.endCursor();
        return pages.render(
                "investigation/record",
                new RecordPage(
                        trace.get(),
                        found.nodes(),
                        found.hasNextPage() && end != null
                                ? Links.address(link.traceRecord(id), Map.of("after", List.of(end)))
                                : null,
                        after == null,
                        !viewer.mayReadContent(),
                        format.zone().getId()));
    }

    @Post("/{id}/incidents")
    @Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST"})
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> open(HttpRequest<?> request, @PathVariable String id, @Body IncidentForm form) {
        Viewer viewer = formTokens.require(request, form.csrf()).viewer();
        String title = form.title() == null ? "" : form.title();
        String severity = form.severity() == null ? "" : form.severity();
        try {
            Optional<Incident> opened = incidents.open(viewer, id, title, severity(severity));
            return opened.isEmpty()
                    ? unknown(request)
                    : HttpResponse.seeOther(URI.create(link.trace(id) + "#incidents"));
        } catch (BadInputException e) {
            Optional<Trace> trace = traces.byId(viewer, id);
            return trace.isEmpty()
                    ? unknown(request)
                    : pages.render(
                                    VIEW,
                                    tracePages.of(
                                            viewer,
                                            trace.get(),
                                            null,
                                            new TracePage.IncidentForm(
                                                    title, severity, e.getMessage())))
                            .status(HttpStatus.BAD_REQUEST);
        }
    }

    private static Severity severity(String name) {
        return Arrays.stream(Severity.values())
                .filter(severity -> severity.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadInputException("Choose how severe it is."));
    }

    private HttpResponse<?> unknown(HttpRequest<?> request) {
        return problems.answer(
                request,
                HttpStatus.NOT_FOUND,
                "There is no trace with this id, or it lies outside the agents you may see. Look for"
                        + " it among the events, or ask an administrator for your agent scope.");
    }
}
