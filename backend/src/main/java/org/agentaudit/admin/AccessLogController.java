package org.agentaudit.admin;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLog;
import org.agentaudit.access.AccessLogEntry;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.Cursor;
import org.agentaudit.web.Csv;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Who looked at what, signed in or changed something: page and CSV.
@Controller
@Secured({"ADMIN", "COMPLIANCE_OFFICER", "AUDITOR"})
@ExecuteOn(TaskExecutors.BLOCKING)
class AccessLogController {

    static final String PATH = "/admin/access-log";

    private static final int PAGE_SIZE = 50;
    private static final int PART = 1_000;

    private final AccessLog accessLog;
    private final Pages pages;
    private final Format format;
    private final Scheduler blocking;

    AccessLogController(
            AccessLog accessLog,
            Pages pages,
            Format format,
            @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.accessLog = accessLog;
        this.pages = pages;
        this.format = format;
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    @Get(PATH)
    @Produces(MediaType.TEXT_HTML)
    HttpResponse<?> page(
            Viewer viewer,
            @QueryValue @Nullable String user,
            @QueryValue @Nullable String action,
            @QueryValue @Nullable String target,
            @QueryValue @Nullable String from,
            @QueryValue @Nullable String to,
            @QueryValue @Nullable String after) {
        AccessLogSearch search = AccessLogSearch.of(user, action, target, from, to);
        try {
            AccessLogQuery.Place place =
                    after == null || after.isEmpty() ? null : place(Cursor.decode(after));
            List<AccessLogEntry> found =
                    accessLog.find(viewer, search.query(format.zone(), place, PAGE_SIZE + 1));
            boolean more = found.size() > PAGE_SIZE;
            List<AccessLogEntry> shown = more ? found.subList(0, PAGE_SIZE) : found;
            return render(viewer, search, null, shown, place != null, more);
        } catch (BadInputException e) {
            return render(viewer, search, e.getMessage(), List.of(), false, false)
                    .status(HttpStatus.BAD_REQUEST);
        }
    }

    private MutableHttpResponse<?> render(
            Viewer viewer,
            AccessLogSearch search,
            @Nullable String problem,
            List<AccessLogEntry> shown,
            boolean later,
            boolean more) {
        AccessLogPage page =
                new AccessLogPage(
                        search,
                        problem,
                        shown,
                        Arrays.asList(AccessAction.values()),
                        later ? address(PATH, search, "") : null,
                        more ? address(PATH, search, cursor(shown.getLast())) : null,
                        address(PATH + ".csv", search, ""),
                        format.zone().getId(),
                        !viewer.agentScope().isEmpty(),
                        viewer.has(Role.ADMIN));
        return pages.render("admin/access-log", page).header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /// Every entry of the filter, newest first, read in parts so that any length fits.
    @Get(PATH + ".csv")
    @Produces({"text/csv", MediaType.TEXT_HTML, MediaType.ALL})
    HttpResponse<?> csv(
            HttpRequest<?> request,
            Viewer viewer,
            @QueryValue @Nullable String user,
            @QueryValue @Nullable String action,
            @QueryValue @Nullable String target,
            @QueryValue @Nullable String from,
            @QueryValue @Nullable String to) {
        AccessLogSearch search = AccessLogSearch.of(user, action, target, from, to);
        List<AccessLogEntry> first =
                accessLog.find(viewer, search.query(format.zone(), null, PART));
        if (request.getMethod() != HttpMethod.HEAD) {
            accessLog.record(
                    viewer, AccessAction.EXPORTED, address(PATH + ".csv", search, ""), null);
        }
        Flux<byte[]> parts =
                Flux.<byte[], List<AccessLogEntry>>generate(
                                () -> first,
                                (part, sink) -> {
                                    sink.next(lines(part, part == first));
                                    if (part.size() < PART) {
                                        sink.complete();
                                        return List.of();
                                    }
                                    return accessLog.find(
                                            viewer,
                                            search.query(
                                                    format.zone(), place(part.getLast()), PART));
                                })
                        .subscribeOn(blocking);
        return HttpResponse.ok(parts)
                .contentType(new MediaType("text/csv", Map.of("charset", "utf-8")))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"access-log.csv\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static byte[] lines(List<AccessLogEntry> entries, boolean first) {
        StringWriter text = new StringWriter();
        try (CsvWriter csv = Csv.writer(text)) {
            if (first) {
                csv.writeRecord(
                        "id", "at", "username", "action", "target", "reason", "remoteAddress");
            }
            for (AccessLogEntry entry : entries) {
                csv.writeRecord(
                        Long.toString(entry.id()),
                        entry.at().toString(),
                        Csv.text(entry.username()),
                        entry.action().name(),
                        Csv.text(entry.target()),
                        Csv.text(entry.reason()),
                        Csv.text(entry.remoteAddress()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String address(String path, AccessLogSearch search, String after) {
        Map<String, List<String>> parameters = new LinkedHashMap<>(search.parameters());
        parameters.put("after", List.of(after));
        return Links.address(path, parameters);
    }

    private static String cursor(AccessLogEntry entry) {
        return new Cursor(entry.at(), entry.id()).encode();
    }

    private static AccessLogQuery.Place place(AccessLogEntry entry) {
        return new AccessLogQuery.Place(entry.at(), entry.id());
    }

    private static AccessLogQuery.Place place(Cursor cursor) {
        return new AccessLogQuery.Place(cursor.occurredAt(), cursor.arrival());
    }
}
