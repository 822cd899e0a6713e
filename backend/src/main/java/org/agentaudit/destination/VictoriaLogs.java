package org.agentaudit.destination;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.export.EventJson;
import org.agentaudit.retention.RetentionPolicy;
import org.jspecify.annotations.Nullable;

/// VictoriaLogs, by its JSON line API: gzip, one object per line as in an export, with the stream
/// and the labels of the settings as further members.
final class VictoriaLogs implements Destination {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final VictoriaLogsConfig config;
    private final RetentionPolicy retention;
    private final Map<String, String> members;
    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();

    /// @param url base address
    VictoriaLogs(String url, VictoriaLogsConfig config, RetentionPolicy retention) {
        this.config = config;
        this.retention = retention;
        this.members = config.members();
        this.address =
                URI.create(
                        url.replaceFirst("/+$", "")
                                + "/insert/jsonline?_stream_fields="
                                + encode(config.streamFields())
                                + "&_time_field="
                                + encode(config.timeField())
                                + "&_msg_field="
                                + encode(config.msgField()));
    }

    @Override
    public String name() {
        return "victorialogs";
    }

    @Override
    public String place() {
        return address.getScheme() + "://" + address.getHost() + ":" + address.getPort();
    }

    @Override
    public void send(List<AuditEvent> events) throws RefusedException, UnreachableException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .timeout(config.timeout())
                        .header("Content-Type", "application/stream+json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(body(events)));
        String authorization = config.authorization();
        if (authorization != null && !authorization.isBlank()) {
            request.header("Authorization", authorization);
        }
        HttpResponse<Void> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UnreachableException("no answer: " + e.getClass().getSimpleName(), null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("the portal is stopping", null);
        }
        int status = answer.statusCode();
        switch (status) {
            case 400, 413, 422 -> throw new RefusedException("answered " + status);
            default -> {
                if (status / 100 != 2) {
                    throw new UnreachableException("answered " + status, retryAfter(answer));
                }
            }
        }
    }

    private byte[] body(List<AuditEvent> events) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (AuditEvent event : events) {
                gzip.write(line(event));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return packed.toByteArray();
    }

    private byte[] line(AuditEvent event) {
        AuditEvent bare = new AuditEvent(event.envelope(), Content.NONE);
        byte[] line = bytes(config.content() ? event : bare);
        return line.length <= config.maxLineBytes() ? line : bytes(bare);
    }

    private byte[] bytes(AuditEvent event) {
        return EventJson.line(event, retention.expiresOn(event.envelope()), members);
    }

    private static @Nullable Duration retryAfter(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
                .orElse(null);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
