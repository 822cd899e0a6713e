package org.agentaudit.finding;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.jspecify.annotations.Nullable;

/// Instructions to the agent in what came from outside (results of tools, skills and external
/// calls), and, stronger, a later call that does what they ask: its arguments hold an address,
/// link or account number that stood nowhere else before. One finding of each kind per trace.
final class InjectionDetector {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A trace in which everything that came from outside was read.
    ///
    /// @param suspicious events with such a text, in order
    List<Detected> detect(TraceStory trace, List<UUID> suspicious, Texts texts)
            throws SQLException {
        Set<UUID> ids = new HashSet<>(suspicious);
        List<Envelope> events =
                trace.events().stream().filter(event -> ids.contains(event.id())).toList();
        if (events.isEmpty()) {
            return List.of();
        }
        List<Detected> found = new ArrayList<>();
        Envelope first = events.getFirst();
        found.add(
                new Detected(
                        FindingKind.PROMPT_INJECTION_SUSPECTED,
                        Severity.WARNING,
                        List.of(trace.traceId()),
                        first.agentId(),
                        first.sessionId(),
                        trace.traceId(),
                        first.occurredAt(),
                        (double) events.size(),
                        null,
                        "%d %s from outside read like instructions to the agent."
                                .formatted(events.size(), events.size() == 1 ? "text" : "texts"),
                        "Check what the agent did after it read them, and where they came from.",
                        events.stream().map(Envelope::id).toList()));
        followed(trace, events, texts).ifPresent(found::add);
        return found;
    }

    /// Whether a result of that event comes from outside the agent.
    static boolean fromOutside(Envelope event) {
        return switch (event.type()) {
            case TOOL_CALL, TOOL_RESULT, SKILL_CALL, EXTERNAL_CALL -> true;
            default -> false;
        };
    }

    /// Whether a result, JSON text, reads like instructions to the agent.
    static boolean isSuspicious(@Nullable String result) {
        return result != null && InjectionRules.match(plain(result)).isPresent();
    }

    /// The first call that does what the texts ask for.
    private static Optional<Detected> followed(
            TraceStory trace, List<Envelope> suspicious, Texts texts) throws SQLException {
        Map<UUID, Integer> place = new HashMap<>();
        for (int i = 0; i < trace.events().size(); i++) {
            place.put(trace.events().get(i).id(), i);
        }
        // address -> place of the suspicious text that first names it
        Map<String, Integer> asked = new HashMap<>();
        Map<UUID, String> around = new HashMap<>();
        texts.each(
                suspicious.stream().map(Envelope::id).toList(),
                (id, params, result) -> {
                    String text = result == null ? "" : plain(result);
                    InjectionRules.match(text)
                            .ifPresent(
                                    match -> {
                                        InjectionRules.addresses(
                                                        text.substring(match.start(), match.end()))
                                                .forEach(
                                                        address ->
                                                                asked.merge(
                                                                        address,
                                                                        place.getOrDefault(id, 0),
                                                                        Math::min));
                                        around.put(
                                                id,
                                                text.substring(0, match.start())
                                                        + '\n'
                                                        + text.substring(match.end()));
                                    });
                });
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Map<UUID, Set<String>> calls = new HashMap<>();
        Map<String, Integer> known = new HashMap<>();
        texts.each(
                trace.events().stream()
                        .filter(event -> event.type() == EventType.INVOCATION || fromOutside(event))
                        .map(Envelope::id)
                        .collect(Collectors.toSet()),
                (id, params, result) -> {
                    int at = place.getOrDefault(id, 0);
                    String arguments = params == null ? "" : plain(params).toLowerCase(Locale.ROOT);
                    String other =
                            around.containsKey(id)
                                    ? around.getOrDefault(id, "").toLowerCase(Locale.ROOT)
                                    : result == null ? "" : plain(result).toLowerCase(Locale.ROOT);
                    Set<String> named = new HashSet<>();
                    for (String address : asked.keySet()) {
                        if (arguments.contains(address)) {
                            named.add(address);
                        }
                        if (arguments.contains(address) || other.contains(address)) {
                            known.merge(address, at, Math::min);
                        }
                    }
                    calls.put(id, named);
                });
        for (Envelope event : trace.events()) {
            int at = place.getOrDefault(event.id(), 0);
            for (String address : calls.getOrDefault(event.id(), Set.of())) {
                int source = asked.getOrDefault(address, Integer.MAX_VALUE);
                boolean knownBefore = known.getOrDefault(address, at) < at;
                if (isCall(event) && source < at && !knownBefore) {
                    return Optional.of(
                            new Detected(
                                    FindingKind.PROMPT_INJECTION_SUSPECTED,
                                    Severity.CRITICAL,
                                    List.of(trace.traceId(), "followed"),
                                    event.agentId(),
                                    event.sessionId(),
                                    trace.traceId(),
                                    event.occurredAt(),
                                    null,
                                    null,
                                    "A call holds an address that only a text from outside named which reads like instructions to the agent.",
                                    "Treat it as an incident: find out what the call did, and undo it.",
                                    List.of(trace.events().get(source).id(), event.id())));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isCall(Envelope event) {
        return event.type() != EventType.TOOL_RESULT && fromOutside(event);
    }

    /// The texts in a JSON value, one per line; text that is no JSON (cut because it was very
    /// long) as it is. Escapes that are left, of JSON or YAML inside a text, become spaces.
    private static String plain(String json) {
        StringBuilder text = new StringBuilder(json.length());
        try {
            append(JSON.readTree(json), text);
        } catch (JsonProcessingException e) {
            text.setLength(0);
            text.append(json);
        }
        for (int at = text.indexOf("\\"); at >= 0; at = text.indexOf("\\", at + 1)) {
            text.setCharAt(at, ' ');
            if (at + 1 < text.length() && "nrt".indexOf(text.charAt(at + 1)) >= 0) {
                text.setCharAt(at + 1, ' ');
            }
        }
        return text.toString();
    }

    private static void append(JsonNode value, StringBuilder text) {
        if (value.isContainerNode()) {
            if (value.isObject()) {
                value.properties()
                        .forEach(
                                member -> {
                                    text.append(member.getKey()).append(": ");
                                    append(member.getValue(), text);
                                });
            } else {
                value.forEach(element -> append(element, text));
            }
        } else {
            text.append(value.asText()).append('\n');
        }
    }
}
