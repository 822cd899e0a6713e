package org.agentaudit.analysis.conversation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.CallPairing;
import org.jspecify.annotations.Nullable;

/// The messages of several agents in one trace, in order, each with the calls it led to: those that
/// follow from it by their parents, else those of the same agent until the next message.
public final class Conversation {

    private static final Set<EventType> CALLS =
            EnumSet.of(EventType.TOOL_CALL, EventType.SKILL_CALL, EventType.EXTERNAL_CALL);
    private static final int PARENTS = 16;
    private static final int TASK_COMPARED = 200;
    private static final List<String> CALLED_SIDE =
            List.of(
                    "timeout",
                    "timedout",
                    "deadline",
                    "connect",
                    "http",
                    "unavailable",
                    "ratelimit",
                    "rate_limit");

    private final List<Message> messages;
    private final String task;
    private final boolean succeeded;
    private final Set<UUID> attributed = new HashSet<>();

    private Conversation(List<AuditEvent> events, CallPairing pairing) {
        Map<UUID, AuditEvent> byId = new HashMap<>();
        events.forEach(event -> byId.put(event.envelope().id(), event));
        task = task(events);
        succeeded = succeeded(events, byId);
        messages = read(events, byId, pairing);
    }

    /// @param events  of a trace, in order
    /// @param pairing of these events
    public static Conversation of(List<AuditEvent> events, CallPairing pairing) {
        return new Conversation(events, pairing);
    }

    /// Whether at least two agents speak in it, and no record states that the task was done: only
    /// then do signs mean something.
    public boolean isOpen() {
        return !succeeded && messages.stream().map(Message::agent).distinct().limit(2).count() == 2;
    }

    /// The step is a call that a message led to, and its failure one of how it was called.
    public boolean isOfAMessage(AuditEvent step) {
        return attributed.contains(step.envelope().id());
    }

    List<Message> messages() {
        return messages;
    }

    /// The task as stated; empty when none is.
    String task() {
        return task;
    }

    private static String task(List<AuditEvent> events) {
        for (AuditEvent event : events) {
            if (event.envelope().type() == EventType.INVOCATION) {
                String params = event.content().params();
                return params == null ? "" : Texts.strings(params);
            }
        }
        return "";
    }

    private static boolean succeeded(List<AuditEvent> events, Map<UUID, AuditEvent> byId) {
        return events.stream()
                .map(AuditEvent::envelope)
                .filter(event -> event.type() == EventType.INVOCATION)
                .filter(event -> !byId.containsKey(parent(event)))
                .anyMatch(event -> event.outcome() == Outcome.SUCCESS);
    }

    private List<Message> read(
            List<AuditEvent> events, Map<UUID, AuditEvent> byId, CallPairing pairing) {
        List<AuditEvent> said = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<List<Message.Call>> calls = new ArrayList<>();
        Map<UUID, Integer> places = new HashMap<>();
        for (AuditEvent event : events) {
            Envelope envelope = event.envelope();
            if (envelope.type() == EventType.LLM_RESPONSE) {
                String text = Texts.plain(event.content().result());
                if (!text.isBlank()) {
                    places.put(envelope.id(), said.size());
                    said.add(event);
                    texts.add(text);
                    calls.add(new ArrayList<>());
                }
            } else if (CALLS.contains(envelope.type())) {
                Integer place = place(envelope, byId, places);
                if (place == null && !said.isEmpty()) {
                    AuditEvent last = said.getLast();
                    place =
                            last.envelope().agentId().equals(envelope.agentId())
                                    ? said.size() - 1
                                    : null;
                }
                if (place != null) {
                    Message.Call call = call(event, byId, pairing);
                    calls.get(place).add(call);
                    if (!call.calledSide()) {
                        attributed.add(envelope.id());
                    }
                }
            }
        }
        String start = task.substring(0, Math.min(task.length(), TASK_COMPARED));
        List<Message> read = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            boolean restates = !start.isBlank() && texts.get(i).contains(start);
            read.add(new Message(i, said.get(i), texts.get(i), restates, calls.get(i)));
        }
        return List.copyOf(read);
    }

    private static @Nullable Integer place(
            Envelope call, Map<UUID, AuditEvent> byId, Map<UUID, Integer> places) {
        AuditEvent ancestor = byId.get(parent(call));
        for (int i = 0; ancestor != null && i < PARENTS; i++) {
            Integer place = places.get(ancestor.envelope().id());
            if (place != null) {
                return place;
            }
            ancestor = byId.get(parent(ancestor.envelope()));
        }
        return null;
    }

    private static Message.Call call(
            AuditEvent event, Map<UUID, AuditEvent> byId, CallPairing pairing) {
        Envelope envelope = event.envelope();
        CallPairing.Call pair = pairing.call(envelope.id());
        AuditEvent resultEvent =
                pair == null || pair.result() == null ? null : byId.get(pair.result().id());
        String json = (resultEvent == null ? event : resultEvent).content().result();
        String result = json == null ? null : Texts.plain(json);
        boolean recorded = envelope.errored() || (pair != null && pair.resultFailed());
        String type = envelope.errorType();
        if (type == null && pair != null && pair.result() != null) {
            type = pair.result().errorType();
        }
        boolean failed = recorded || (result != null && Texts.readsAsFailure(result));
        return new Message.Call(event, resultEvent, result, failed, calledSide(type), type);
    }

    private static boolean calledSide(@Nullable String errorType) {
        if (errorType == null) {
            return false;
        }
        String type = errorType.toLowerCase(Locale.ROOT);
        return CALLED_SIDE.stream().anyMatch(type::contains);
    }

    /// An id that no event has where none is named.
    private static UUID parent(Envelope event) {
        UUID parent = event.parentEventId();
        return parent == null ? new UUID(0, 0) : parent;
    }
}
