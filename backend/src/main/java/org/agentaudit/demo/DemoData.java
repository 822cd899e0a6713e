package org.agentaudit.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdInputStream;
import jakarta.inject.Singleton;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.IngestPipeline;
import org.agentaudit.ingest.IngestResult;
import org.agentaudit.store.EventStore;

/// Loads the demonstration data.
@Singleton
public final class DemoData {
    /// Time of day (UTC) of the refund incident's first event.
    static final LocalTime INCIDENT_TIME = LocalTime.of(14, 23, 1);

    /// Trace of the refund incident.
    public static final String INCIDENT_TRACE = "refund-incident";

    private static final String EVENTS = "/demo/events.jsonl.zst";
    private static final String INCIDENT = "/demo/refund-incident.jsonl";
    private static final Duration INCIDENT_LENGTH = Duration.ofMinutes(1);
    private static final Duration NEWEST = Duration.ofMinutes(3);
    private static final int BATCH = 500;

    /// The first and the last agent to be stored: when both are known, everything was loaded.
    private static final Set<String> AGENTS = Set.of("airline-agent", "Router");

    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final IngestPipeline pipeline;
    private final EventStore store;
    private final Clock clock;

    DemoData(IngestPipeline pipeline, EventStore store, Clock clock) {
        this.pipeline = pipeline;
        this.store = store;
        this.clock = clock;
    }

    /// Told how far the loading is.
    @FunctionalInterface
    public interface Progress {
        void update(int done, int all);
    }

    /// Loads the data unless it was loaded before. Returns after everything is committed.
    ///
    /// @return how many events were stored; 0 when the data was there
    public int load(Progress progress) {
        if (store.knownAgents(AGENTS).containsAll(AGENTS)) {
            return 0;
        }
        Instant now = clock.instant();
        List<String> lines = new ArrayList<>(sessions(now));
        lines.addAll(incident(now));
        int stored = 0;
        for (int from = 0; from < lines.size(); from += BATCH) {
            List<String> batch = lines.subList(from, Math.min(from + BATCH, lines.size()));
            IngestResult result =
                    pipeline.ingest(
                                    String.join("\n", batch).getBytes(StandardCharsets.UTF_8),
                                    true,
                                    SourceFormat.AUDIT_EVENT,
                                    "demonstration data")
                            .join();
            if (!result.rejected().isEmpty()) {
                throw new IllegalStateException(
                        "demonstration data was rejected: " + result.rejected().getFirst());
            }
            stored += result.accepted();
            progress.update(from + batch.size(), lines.size());
        }
        return stored;
    }

    /// The benchmark's sessions, each moved as a whole. Ids are made anew from the old ones and the
    /// moment, so that data loaded into another store at another time is other data.
    static List<String> sessions(Instant now) {
        Map<String, List<ObjectNode>> sessions = new LinkedHashMap<>();
        for (String line : read(EVENTS)) {
            String renamed =
                    ID.matcher(line)
                            .replaceAll(
                                    id ->
                                            UUID.nameUUIDFromBytes(
                                                            (now + id.group())
                                                                    .getBytes(
                                                                            StandardCharsets.UTF_8))
                                                    .toString());
            ObjectNode event = parse(renamed);
            sessions.computeIfAbsent(event.path("session_id").asText(), id -> new ArrayList<>())
                    .add(event);
        }
        Duration longest =
                sessions.values().stream()
                        .map(DemoData::length)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        List<Instant> starts =
                DemoCalendar.starts(sessions.size(), now.minus(NEWEST).minus(longest));
        List<String> lines = new ArrayList<>();
        int next = 0;
        for (List<ObjectNode> session : sessions.values()) {
            move(session, Duration.between(start(session), starts.get(next++)), lines);
        }
        return lines;
    }

    /// The refund incident, of today when its time has passed, else of yesterday.
    static List<String> incident(Instant now) {
        List<ObjectNode> events = read(INCIDENT).stream().map(DemoData::parse).toList();
        Instant at =
                now.atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                        .atTime(INCIDENT_TIME)
                        .toInstant(ZoneOffset.UTC);
        if (at.plus(INCIDENT_LENGTH).isAfter(now)) {
            at = at.minus(Duration.ofDays(1));
        }
        List<String> lines = new ArrayList<>();
        move(events, Duration.between(start(events), at), lines);
        return lines;
    }

    private static void move(List<ObjectNode> events, Duration by, List<String> to) {
        BigDecimal seconds =
                BigDecimal.valueOf(by.getSeconds()).add(BigDecimal.valueOf(by.getNano(), 9));
        for (ObjectNode event : events) {
            event.put("timestamp", event.path("timestamp").decimalValue().add(seconds));
            to.add(event.toString());
        }
    }

    private static Duration length(List<ObjectNode> events) {
        Instant end =
                events.stream().map(DemoData::time).max(Instant::compareTo).orElse(Instant.EPOCH);
        return Duration.between(start(events), end);
    }

    private static Instant start(List<ObjectNode> events) {
        return events.stream().map(DemoData::time).min(Instant::compareTo).orElse(Instant.EPOCH);
    }

    private static Instant time(ObjectNode event) {
        BigDecimal seconds = event.path("timestamp").decimalValue();
        return Instant.ofEpochSecond(0, seconds.movePointRight(9).longValue());
    }

    private static ObjectNode parse(String line) {
        try {
            return (ObjectNode) JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> read(String resource) {
        try (InputStream file = DemoData.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("missing in the jar: " + resource);
            }
            InputStream plain = resource.endsWith(".zst") ? new ZstdInputStream(file) : file;
            return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
