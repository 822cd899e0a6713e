package org.agentaudit.finding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.ingest.normal.EventIds;
import org.jspecify.annotations.Nullable;

/// More retries by an agent in a session than the limit (A10 K11): RETRY events, and the same call
/// again after it failed. A RETRY and the call after it are one.
record RetryDetector(int limit) {
    private static final ObjectMapper SORTED =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    /// @param session of a session that has an id
    List<Detected> detect(String sessionId, SessionStory session, Texts texts) throws SQLException {
        List<Detected> found = new ArrayList<>();
        for (Map.Entry<String, List<Envelope>> agent : session.byAgent().entrySet()) {
            List<Envelope> retries = retries(session, agent.getValue(), texts);
            if (retries.size() > limit) {
                Envelope crossing = retries.get(limit);
                found.add(
                        new Detected(
                                FindingKind.EXCESSIVE_RETRIES,
                                Severity.WARNING,
                                List.of(sessionId, agent.getKey()),
                                agent.getKey(),
                                sessionId,
                                crossing.traceId(),
                                crossing.occurredAt(),
                                (double) retries.size(),
                                (double) limit,
                                "%d retries in one session; the limit is %d."
                                        .formatted(retries.size(), limit),
                                "Wait longer between tries and give up after a few: what fails again and again needs another way.",
                                retries.stream().map(Envelope::id).toList()));
            }
        }
        return found;
    }

    /// The events that are retries, in order.
    private List<Envelope> retries(SessionStory session, List<Envelope> events, Texts texts)
            throws SQLException {
        Set<UUID> candidates = new HashSet<>();
        int most = 0;
        Envelope last = null;
        for (Envelope event : events) {
            if (event.type() == EventType.RETRY) {
                most++;
                continue;
            }
            if (last != null && session.failed(last) && last.action().equals(event.action())) {
                candidates.add(last.id());
                candidates.add(event.id());
                most++;
            }
            last = event;
        }
        if (most <= limit) {
            return List.of(); // also if every candidate is one
        }
        Map<UUID, String> params = new HashMap<>();
        texts.each(candidates, (id, text, result) -> params.put(id, digest(text)));
        List<Envelope> retries = new ArrayList<>();
        boolean told = false;
        last = null;
        for (Envelope event : events) {
            if (event.type() == EventType.RETRY) {
                retries.add(event);
                told = true;
                continue;
            }
            if (last != null && session.failed(last) && last.action().equals(event.action())) {
                String before = params.get(last.id());
                if (before != null && before.equals(params.get(event.id())) && !told) {
                    retries.add(event);
                }
            }
            told = false;
            last = event;
        }
        return retries;
    }

    /// Tells arguments apart, whatever the order of their members; content is not held.
    private static String digest(@Nullable String params) {
        if (params == null) {
            return "";
        }
        String text = params;
        try {
            JsonNode tree = SORTED.readTree(params);
            text = SORTED.writeValueAsString(SORTED.treeToValue(tree, Object.class));
        } catch (JsonProcessingException e) {
            text = params; // cut because it was very long: compared as it is
        }
        return HexFormat.of().formatHex(EventIds.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }
}
