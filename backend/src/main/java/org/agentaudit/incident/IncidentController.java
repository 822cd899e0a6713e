package org.agentaudit.incident;

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
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Severity;
import org.agentaudit.query.BadInputException;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.agentaudit.web.Problems;
import org.jspecify.annotations.Nullable;

/// The pages of incidents and the forms in which people work on them.
@Controller("/incidents")
@Produces(MediaType.TEXT_HTML)
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class IncidentController {

    private static final String OPEN = "incident/open";

    /// What a form did, by the word that stands for it in the address.
    private static final Map<String, String> NOTES =
            Map.of("opened", "The incident is open.", "saved", "Saved.");

    private final Incidents incidents;
    private final IncidentPages incidentPages;
    private final IncidentOrigins origins;
    private final FormTokens formTokens;
    private final Pages pages;
    private final Problems problems;
    private final Format format;
    private final Links link = new Links();

    IncidentController(
            Incidents incidents,
            IncidentPages incidentPages,
            IncidentOrigins origins,
            FormTokens formTokens,
            Pages pages,
            Problems problems,
            Format format) {
        this.incidents = incidents;
        this.incidentPages = incidentPages;
        this.origins = origins;
        this.formTokens = formTokens;
        this.pages = pages;
        this.problems = problems;
        this.format = format;
    }

    /// @param aware local date and time in the report time zone; empty: now
    @Introspected
    record OpenForm(
            @Nullable String csrf,
            @Nullable String trace,
            @Nullable String title,
            @Nullable String severity,
            @Nullable String aware,
            @Nullable String alert,
            @Nullable String finding) {}

    @Get
    HttpResponse<?> list(
            Viewer viewer,
            @QueryValue @Nullable String state,
            @QueryValue @Nullable String severity,
            @QueryValue @Nullable String owner,
            @QueryValue @Nullable String trace,
            @QueryValue @Nullable String overdue,
            @QueryValue @Nullable String sort,
            @QueryValue @Nullable String after) {
        IncidentQuery query = IncidentQuery.of(state, severity, owner, trace, overdue, sort);
        try {
            return pages.render(
                    "incident/list",
                    incidentPages.list(
                            viewer, query, after == null || after.isEmpty() ? null : after));
        } catch (BadInputException e) {
            return pages.render(
                            "incident/list",
                            incidentPages.refused(
                                    viewer, query, Objects.toString(e.getMessage(), "")))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    @Get("/open")
    @Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST"})
    HttpResponse<?> form(
            Viewer viewer,
            @QueryValue @Nullable String trace,
            @QueryValue @Nullable String alert,
            @QueryValue @Nullable String finding) {
        return pages.render(OPEN, origins.form(viewer, trace, alert, finding));
    }

    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST"})
    HttpResponse<?> open(HttpRequest<?> request, Viewer viewer, @Body OpenForm form) {
        formTokens.require(request, form.csrf());
        try {
            Optional<Incident> opened = incidents.open(viewer, draft(form));
            return opened.isPresent()
                    ? HttpResponse.seeOther(
                            URI.create(link.incident(opened.get().id()) + "?note=opened"))
                    : refused(form, "There is no trace with this id that you may see.");
        } catch (BadInputException e) {
            return refused(form, Objects.toString(e.getMessage(), ""));
        }
    }

    @Get("/{id}")
    HttpResponse<?> incident(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @QueryValue @Nullable String note) {
        Optional<Incident> found = incidents.byId(viewer, id);
        return found.isEmpty()
                ? gone(request)
                : pages.render(
                        "incident/incident",
                        incidentPages.incident(
                                viewer,
                                found.get(),
                                null,
                                null,
                                note == null ? null : NOTES.get(note)));
    }

    @Post("/{id}")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST"})
    HttpResponse<?> change(
            HttpRequest<?> request,
            Viewer viewer,
            @PathVariable String id,
            @Body IncidentEdit form) {
        formTokens.require(request, form.csrf());
        Optional<Incident> found = incidents.byId(viewer, id);
        if (found.isEmpty()) {
            return gone(request);
        }
        try {
            if (!Objects.equals(form.version(), found.get().version())) {
                return conflict(viewer, found.get(), form);
            }
            Optional<Incident> changed = incidents.update(viewer, id, form.change(found.get()));
            return changed.isPresent()
                    ? HttpResponse.seeOther(
                            URI.create(link.incident(changed.get().id()) + "?note=saved#work"))
                    : gone(request);
        } catch (EditConflictException e) {
            return conflict(viewer, incidents.byId(viewer, id).orElseThrow(), form);
        } catch (BadInputException e) {
            return pages.render(
                            "incident/incident",
                            incidentPages.incident(
                                    viewer,
                                    found.get(),
                                    form,
                                    Objects.toString(e.getMessage(), ""),
                                    null))
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    /// The incident as it is now, with what was typed.
    private HttpResponse<?> conflict(Viewer viewer, Incident latest, IncidentEdit form) {
        String who =
                incidents.steps(latest).stream()
                        .reduce((_, last) -> last)
                        .map(last -> last.actor() + " changed it at " + format.dateTime(last.at()))
                        .orElse("it was changed");
        return pages.render(
                        "incident/incident",
                        incidentPages.incident(
                                viewer,
                                latest,
                                form.over(latest),
                                "Nothing was saved: "
                                        + who
                                        + ", after you opened it. The page shows its last state; the form below"
                                        + " still holds what you typed. Check it and save again.",
                                null))
                .status(HttpStatus.CONFLICT);
    }

    private IncidentDraft draft(OpenForm form) {
        return new IncidentDraft(
                text(form.trace()),
                text(form.title()),
                severity(form),
                aware(form),
                IncidentOrigins.number(text(form.alert())).orElse(null),
                IncidentOrigins.uuid(text(form.finding())).orElse(null));
    }

    private @Nullable Instant aware(OpenForm form) {
        String text = text(form.aware());
        try {
            return text.isEmpty()
                    ? null
                    : LocalDateTime.parse(text).atZone(format.zone()).toInstant();
        } catch (DateTimeException e) {
            throw new BadInputException("Since when you know must be a date and a time.");
        }
    }

    private HttpResponse<?> refused(OpenForm form, String problem) {
        return pages.render(
                        OPEN,
                        new OpenIncidentPage(
                                text(form.trace()),
                                text(form.title()),
                                severity(form),
                                text(form.aware()),
                                text(form.alert()),
                                text(form.finding()),
                                null,
                                problem,
                                format.zone().getId()))
                .status(HttpStatus.BAD_REQUEST);
    }

    private static Severity severity(OpenForm form) {
        return Arrays.stream(Severity.values())
                .filter(severity -> severity.name().equals(form.severity()))
                .findFirst()
                .orElse(Severity.WARNING);
    }

    private HttpResponse<?> gone(HttpRequest<?> request) {
        return problems.answer(
                request,
                HttpStatus.NOT_FOUND,
                "There is no incident with this number, or its trace lies outside the agents you may see.");
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip().replace("\0", "");
    }
}
