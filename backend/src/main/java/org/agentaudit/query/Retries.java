package org.agentaudit.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.jspecify.annotations.Nullable;

/// What counts as a retry (metrics "Excessive retries"), wherever retries are counted: a RETRY
/// event, and an agent's next tool call in a session that is the same tool with the same parameters
/// after a call that failed. A RETRY and the call after it are one.
public final class Retries {

    /// Characters of parameters that are compared.
    public static final int MOST_TEXT = 100_000;

    private static final ObjectMapper SORTED =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private Retries() {}

    /// Whether two tool calls have the same parameters.
    public interface SameParams {
        boolean same(Envelope call, Envelope next);
    }

    /// The events that are retries, in order.
    ///
    /// @param steps  events of one agent in one session, in any order and of any types
    /// @param failed whether a tool call failed, by its own or its result's outcome
    public static List<Envelope> of(
            Collection<Envelope> steps, Predicate<Envelope> failed, SameParams params) {
        List<Envelope> retries = new ArrayList<>();
        Envelope last = null;
        boolean announced = false;
        for (Envelope step : steps.stream().sorted(CallPairing.ORDER).toList()) {
            if (step.type() == EventType.RETRY) {
                retries.add(step);
                announced = true;
            } else if (step.type() == EventType.TOOL_CALL) {
                if (last != null
                        && !announced
                        && step.action().equals(last.action())
                        && failed.test(last)
                        && params.same(last, step)) {
                    retries.add(step);
                }
                last = step;
                announced = false;
            }
        }
        return retries;
    }

    /// Tells parameters apart, whatever the order of their members; content is not held. Those of
    /// calls that were not added, because they are gone, are the same as no others.
    public static final class Params implements SameParams {
        private final Map<UUID, String> digests = new HashMap<>();

        /// @param params JSON text, at most its first [#MOST_TEXT] characters; null: none
        public void add(UUID callId, @Nullable String params) {
            digests.put(callId, params == null ? "" : digest(params));
        }

        public boolean has(UUID callId) {
            return digests.containsKey(callId);
        }

        @Override
        public boolean same(Envelope call, Envelope next) {
            String params = digests.get(call.id());
            return params != null && params.equals(digests.get(next.id()));
        }

        private static String digest(String params) {
            String text = params;
            try {
                text =
                        SORTED.writeValueAsString(
                                SORTED.treeToValue(SORTED.readTree(params), Object.class));
            } catch (JsonProcessingException e) {
                text = params; // cut because it was very long: compared as it is
            }
            try {
                return HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
