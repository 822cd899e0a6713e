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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.store.StoreBusyException;
import org.agentaudit.store.StoreUnavailableException;
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

    private static final int UNPACKED_AT_ONCE = 4;
    private static final int UNPACKING_PATIENCE_SECONDS = 5;

    private final Semaphore unpacking = new Semaphore(UNPACKED_AT_ONCE);
    private final IngestPipeline pipeline;
    private final IngestConfig config;

    IngestController(IngestPipeline pipeline, IngestConfig config) {
        this.pipeline = pipeline;
        this.config = config;
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
        BodyEncoding encoding = BodyEncoding.of(request.getHeaders().get(RawEncoding.HEADER));
        if (body == null || body.length == 0) {
            throw new BadBodyException("the body is empty: send one event or an array of them");
        }
        if (body.length > config.maxPackedBytes()) {
            throw new BodyTooLargeException(
                    "the body has more than "
                            + config.maxPackedBytes()
                            + " bytes: pack it, or send it in several requests");
        }
        return await(unpacked(body, encoding, lines, forced));
    }

    /// A database that is stopped without being gone says nothing at all; a sender must hear
    /// something in time.
    private IngestResult await(CompletableFuture<IngestResult> answer) {
        try {
            return answer.get(config.answerWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new StoreUnavailableException(
                    "PostgreSQL has not answered for "
                            + config.answerWithin().toSeconds()
                            + " seconds.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("The portal is stopping.", e);
        }
    }

    /// Few bodies are unpacked at once: a small one may grow to the limit before the pipeline
    /// counts its bytes.
    private CompletableFuture<IngestResult> unpacked(
            byte[] body, BodyEncoding encoding, boolean lines, @Nullable SourceFormat forced) {
        try {
            if (!unpacking.tryAcquire(UNPACKING_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new StoreBusyException(
                        "too many packed bodies are being received: try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreBusyException("the portal is stopping: try again later");
        }
        try {
            byte[] bytes = encoding.unpack(body, config.maxUnpackedBytes());
            return pipeline.ingest(bytes, lines, forced, ORIGIN);
        } finally {
            unpacking.release();
        }
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
