package org.agentaudit.ingest;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.agentaudit.event.SourceFormat;
import org.jspecify.annotations.Nullable;

/// Takes events over HTTP (contract "Ingest"). Answers after the commit.
@Controller
@Secured("INGESTOR")
class IngestController {
    private static final String ORIGIN = "http";
    private static final Map<String, SourceFormat> FORMATS =
            Map.of(
                    "audit_event", SourceFormat.AUDIT_EVENT,
                    "log_entry", SourceFormat.LOG_ENTRY,
                    "session_event", SourceFormat.SESSION_EVENT,
                    "request_log", SourceFormat.REQUEST_LOG,
                    "claude_code_hook", SourceFormat.CLAUDE_CODE_HOOK,
                    "claude_code_transcript", SourceFormat.CLAUDE_CODE_TRANSCRIPT);

    /// Types that programs send JSON with when nobody told them which; curl's own is the form.
    private static final Pattern JSON_TYPE =
            Pattern.compile(
                    "(?i)(?:text/(?:json|plain)|application/(?:octet-stream|x-www-form-urlencoded|[a-z.-]+\\+json))"
                            + "(?:\\s*;\\s*charset=\"?utf-?8\"?)?");

    private final IngestPipeline pipeline;
    private final RequestBodies bodies;

    IngestController(IngestPipeline pipeline, RequestBodies bodies) {
        this.pipeline = pipeline;
        this.bodies = bodies;
    }

    /// One event, an array of events or lines of events.
    @Post(uris = {"/log", "/api/events"})
    @Consumes(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    IngestResult receive(
            HttpRequest<?> request,
            @QueryValue @Nullable String format,
            @Body byte @Nullable [] body) {
        boolean lines = isLines(request.getHeaders().get(HttpHeaders.CONTENT_TYPE));
        SourceFormat forced = format == null || format.isEmpty() ? null : format(format);
        return receive(request, body, lines, forced);
    }

    /// What a Claude Code hook gets on standard input, unchanged; also lines of it, each with the
    /// time and the id that the installed script puts around it.
    @Post("/hooks/claude-code")
    @Consumes(MediaType.ALL)
    @ExecuteOn(TaskExecutors.BLOCKING)
    IngestResult hook(HttpRequest<?> request, @Body byte @Nullable [] body) {
        String type = request.getHeaders().get(HttpHeaders.CONTENT_TYPE);
        boolean json = type == null || JSON_TYPE.matcher(type.strip()).matches();
        return receive(request, body, !json && isLines(type), SourceFormat.CLAUDE_CODE_HOOK);
    }

    private IngestResult receive(
            HttpRequest<?> request,
            byte @Nullable [] body,
            boolean lines,
            @Nullable SourceFormat forced) {
        if (body == null || body.length == 0) {
            throw new BadBodyException("the body is empty: send one event or an array of them");
        }
        return bodies.take(request, body, bytes -> pipeline.ingest(bytes, lines, forced, ORIGIN));
    }

    /// The shape of that name.
    static SourceFormat format(String name) {
        SourceFormat format = FORMATS.get(name.toLowerCase(Locale.ROOT));
        if (format == null) {
            throw new BadBodyException(
                    "format is none of audit_event, log_entry, session_event, request_log,"
                            + " claude_code_hook and claude_code_transcript");
        }
        return format;
    }

    /// Whether the body is lines rather than one JSON value; no media type at all means JSON.
    private static boolean isLines(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return false;
        }
        String[] parts = header.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.matches("charset=utf-?8")) {
                throw new UnsupportedBodyException("events are taken in UTF-8 only");
            }
        }
        return switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
            case "application/json" -> false;
            case "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonl",
                    "application/jsonlines" ->
                    true;
            default ->
                    throw new UnsupportedBodyException(
                            "Content-Type is neither application/json nor application/x-ndjson");
        };
    }
}
