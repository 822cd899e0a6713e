package org.agentaudit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Sends batches of 1, 20 or 200 events over HTTP until it is told to stop, and writes down what
/// was acknowledged. What was not, it sends again, or gives up for good; some of what was
/// acknowledged, it sends again all the same. Its events are numbered without a gap, share agents
/// and traces with those of other clients, and are told by their number alone.
final class CrashClient implements Callable<CrashClient.Account> {
    private static final int[] SIZES = {1, 1, 1, 20, 20, 200};
    private static final List<String> TYPES =
            List.of("invocation", "tool_call", "tool_result", "llm_response", "error", "handoff");
    private static final int BUSY = 429;
    private static final int AWAY = 503;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What a client saw.
    ///
    /// @param sent         events, numbered from 0, that were sent at least once
    /// @param acknowledged numbers of those the portal said it has
    /// @param abandoned    batches given up without an answer, as first number and size
    /// @param retries      requests that were sent again for want of an answer
    /// @param resent       requests sent again although they were answered
    /// @param statuses     answers by status; 0: no answer, the connection broke
    /// @param problems     what must not happen
    record Account(
            int client,
            int sent,
            BitSet acknowledged,
            List<int[]> abandoned,
            long retries,
            long resent,
            Map<Integer, Long> statuses,
            List<String> problems) {}

    private final int number;
    private final Random random;
    private final String key;
    private final Supplier<URI> portal;
    private final BooleanSupplier stop;
    private final Runnable onAcknowledged;
    private final Instant start;

    private final BitSet acknowledged = new BitSet();
    private final List<int[]> abandoned = new ArrayList<>();
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int sent;
    private long retries;
    private long resent;

    private record Packed(byte[] body, boolean lines, boolean gzip) {}

    /// @param portal         where the portal is now; changes when it starts again
    /// @param onAcknowledged called after each acknowledged request
    /// @param start          events lie in the three hours before
    CrashClient(
            int number,
            long seed,
            String key,
            Supplier<URI> portal,
            BooleanSupplier stop,
            Runnable onAcknowledged,
            Instant start) {
        this.number = number;
        this.random = new Random(seed + number);
        this.key = key;
        this.portal = portal;
        this.stop = stop;
        this.onAcknowledged = onAcknowledged;
        this.start = start;
    }

    /// The id of a client's event.
    static UUID id(int client, int seq) {
        return new UUID(0x4000L | (long) client << 32, 0x8000000000000000L | seq);
    }

    @Override
    public Account call() throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            while (!stop.getAsBoolean()) {
                int size = SIZES[random.nextInt(SIZES.length)];
                Packed batch = pack(size);
                boolean known = deliver(http, batch, size, random.nextInt(10) == 0);
                if (known && random.nextInt(5) == 0) {
                    resent++;
                    repeat(http, batch, size);
                }
                Thread.sleep(random.nextInt(150));
            }
        }
        return new Account(
                number, sent, acknowledged, abandoned, retries, resent, statuses, problems);
    }

    /// Sends a new batch until it is acknowledged.
    ///
    /// @return false when it was given up
    private boolean deliver(HttpClient http, Packed batch, int size, boolean fickle)
            throws InterruptedException {
        int first = sent;
        sent += size;
        boolean unsure = false;
        while (true) {
            JsonNode answer = send(http, batch);
            if (answer != null) {
                int accepted = answer.path("accepted").asInt(-1);
                int duplicates = answer.path("duplicates").asInt(-1);
                boolean whole = accepted == size && duplicates == 0;
                // an attempt that was not answered was stored whole or not at all
                if (!whole && !(unsure && accepted == 0 && duplicates == size)) {
                    problems.add("batch of " + size + (unsure ? ", sent again" : "") + answer);
                }
                acknowledged.set(first, first + size);
                onAcknowledged.run();
                return true;
            }
            unsure = true;
            if (fickle) {
                abandoned.add(new int[] {first, size});
                return false;
            }
            retries++;
            Thread.sleep(50 + random.nextInt(250));
        }
    }

    /// Sends what was acknowledged once more: all of it is there.
    private void repeat(HttpClient http, Packed batch, int size) throws InterruptedException {
        JsonNode answer = send(http, batch);
        while (answer == null) {
            Thread.sleep(50 + random.nextInt(250));
            answer = send(http, batch);
        }
        if (answer.path("duplicates").asInt() != size || answer.path("accepted").asInt() != 0) {
            problems.add("acknowledged batch of " + size + " sent again: " + answer);
        }
    }

    /// One request; null when nothing was acknowledged.
    private @Nullable JsonNode send(HttpClient http, Packed batch) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(portal.get().resolve("/api/events"))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Bearer " + key)
                        .header(
                                "Content-Type",
                                batch.lines ? "application/x-ndjson" : "application/json");
        if (batch.gzip) {
            request.header("Content-Encoding", "gzip");
        }
        try {
            HttpResponse<String> answer =
                    http.send(
                            request.POST(HttpRequest.BodyPublishers.ofByteArray(batch.body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            int status = answer.statusCode();
            statuses.merge(status, 1L, Long::sum);
            if (status == 200) {
                JsonNode json = JSON.readTree(answer.body());
                if (!json.path("rejected").isEmpty()) {
                    problems.add("rejected: " + answer.body());
                }
                return json;
            }
            if (status != BUSY && status != AWAY) {
                problems.add("status " + status + ": " + answer.body());
            } else if (answer.headers().firstValue("Retry-After").isEmpty()) {
                problems.add("status " + status + " without Retry-After");
            }
            return null;
        } catch (IOException e) {
            statuses.merge(0, 1L, Long::sum);
            return null;
        }
    }

    private Packed pack(int size) throws IOException {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            events.add(event(sent + i));
        }
        // in any order, so that commits that run at once meet the same rows in different orders
        Collections.shuffle(events, random);
        boolean lines = random.nextBoolean();
        String text = lines ? String.join("\n", events) : events.toString();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        boolean gzip = random.nextInt(3) == 0;
        if (gzip) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                out.write(body);
            }
            body = packed.toByteArray();
        }
        return new Packed(body, lines, gzip);
    }

    private String event(int seq) {
        Random of = new Random(31L * number + seq);
        String type = TYPES.get(of.nextInt(TYPES.size()));
        String error = type.equals("error") ? "TimeoutError" : null;
        return """
        {"event_id":"%s","event_type":"agent.%s","agent_name":"ops/agent-%d","trace_id":"trace-%d",\
        "session_id":"session-%d","timestamp":"%s","action":"%s:search","token_count":%d,"duration_ms":%d,\
        %s"parent_event_id":"%s","producer":"client-%d","seq":%d,"params":{"n":%d,"password":"hunter2"}}"""
                .formatted(
                        id(number, seq),
                        type,
                        of.nextInt(5),
                        of.nextInt(60),
                        of.nextInt(20),
                        start.minusMillis(of.nextInt(3 * 3_600_000)),
                        type,
                        of.nextInt(3_000),
                        of.nextInt(900),
                        error == null ? "" : "\"error_type\":\"" + error + "\",",
                        id(number, Math.max(0, seq - 1)),
                        number,
                        seq,
                        seq);
    }
}
