package org.agentaudit.export;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import jakarta.inject.Named;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.EventFilter;
import org.agentaudit.query.EventSearch;
import org.agentaudit.query.EventSearches;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Downloads of events with the explorer's filter. The routes answer whatever type is accepted: a
/// browser that follows a link asks for HTML. A part is read when the client has taken the one
/// before; a client that goes away ends the reading; a failure cuts the connection, so that no file
/// looks complete that is not.
@Controller
@Secured({"COMPLIANCE_OFFICER", "SECURITY_ANALYST", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class ExportController {

    private static final Logger LOG = LoggerFactory.getLogger(ExportController.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final EventExport export;
    private final EventSearches searches;
    private final Format format;
    private final Clock clock;
    private final Scheduler blocking;

    ExportController(
            EventExport export,
            EventSearches searches,
            Format format,
            Clock clock,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.export = export;
        this.searches = searches;
        this.format = format;
        this.clock = clock;
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    @Get("/events.csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> csv(HttpRequest<?> request, Viewer viewer) {
        return download(request, viewer, ExportFormat.CSV);
    }

    @Get("/events.jsonl")
    @Produces({"application/x-ndjson", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> jsonl(HttpRequest<?> request, Viewer viewer) {
        return download(request, viewer, ExportFormat.JSONL);
    }

    @Get("/events.ocsf.jsonl")
    @Produces({"application/x-ndjson", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> ocsf(HttpRequest<?> request, Viewer viewer) {
        return download(request, viewer, ExportFormat.OCSF);
    }

    private HttpResponse<?> download(HttpRequest<?> request, Viewer viewer, ExportFormat form) {
        Map<String, List<String>> address = request.getParameters().asMap();
        EventSearch.requireKnown(address.keySet(), List.of());
        EventSearch search = EventSearch.of(address);
        EventFilter filter = searches.filter(viewer, search, format.zone());
        if (request.getMethod() == HttpMethod.HEAD) {
            return answer(HttpResponse.ok(), form);
        }
        String target = Links.address("/events." + form.ending(), search.address());
        EventExport.Parts parts = export.begin(viewer, filter, form, target);
        // Read before the status leaves: a store that is away is still answered as such.
        byte[] first = Objects.requireNonNull(parts.next());
        Flux<byte[]> rest =
                Flux.<byte[]>generate(
                                sink -> {
                                    byte[] part = parts.next();
                                    if (part == null) {
                                        sink.complete();
                                    } else {
                                        sink.next(part);
                                    }
                                })
                        .doOnError(
                                failure ->
                                        LOG.warn(
                                                "An export broke off after {} events: {}",
                                                parts.count(),
                                                failure.toString()))
                        .subscribeOn(blocking);
        return answer(HttpResponse.ok(Flux.just(first).concatWith(rest)), form);
    }

    private <T> MutableHttpResponse<T> answer(MutableHttpResponse<T> response, ExportFormat form) {
        String name = "events-" + NAME.format(clock.instant()) + "." + form.ending();
        return response.contentType(MediaType.of(form.mediaType()))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
