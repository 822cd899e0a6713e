package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.Outcome;

/// Settles sessions: their parts by trace, agent and quarter hour, their iterations and retries,
/// and the sums they are listed by.
@Singleton
class SessionStep implements SettleStep {

    /// Sessions are looked at together up to so many events.
    private static final long EVENTS_AT_ONCE = 20_000;

    private final SessionSettleRepository repository;
    private final RetrySettleRepository retries;

    SessionStep(SessionSettleRepository repository, RetrySettleRepository retries) {
        this.repository = repository;
        this.retries = retries;
    }

    @Override
    public void settle(Connection connection, List<String> traceIds) throws SQLException {
        repository.writeParts(connection, traceIds);
        repository.writeIterations(connection, traceIds);
        List<RetrySettleRepository.Whole> together = new ArrayList<>();
        long events = 0;
        for (RetrySettleRepository.Whole session : retries.sessions(connection, traceIds)) {
            if (events + session.events() > EVENTS_AT_ONCE) {
                countRetries(connection, together);
                together.clear();
                events = 0;
            }
            together.add(session);
            events += session.events();
        }
        countRetries(connection, together);
    }

    private record SessionAgent(String sessionId, String agentId) {}

    private record Place(String traceId, SessionAgent who) {}

    /// Counts the retries of sessions anew. A retry belongs to the trace of its event, also when
    /// the call that failed is in another.
    private void countRetries(Connection connection, List<RetrySettleRepository.Whole> sessions)
            throws SQLException {
        Map<String, RetrySettleRepository.Whole> wholes =
                sessions.stream()
                        .collect(
                                Collectors.toMap(
                                        RetrySettleRepository.Whole::sessionId, whole -> whole));
        List<Envelope> steps =
                retries.steps(
                        connection,
                        sessions.stream().flatMap(s -> s.traceIds().stream()).distinct().toList());
        if (steps.isEmpty()) {
            return;
        }
        Predicate<Envelope> failed = failed(steps);
        Map<SessionAgent, List<Envelope>> groups = new HashMap<>();
        Map<Place, Integer> counts = new HashMap<>();
        for (Envelope step : steps) {
            String session = step.sessionId();
            RetrySettleRepository.Whole whole = session == null ? null : wholes.get(session);
            if (session != null && whole != null && whole.traceIds().contains(step.traceId())) {
                SessionAgent who = new SessionAgent(session, step.agentId());
                groups.computeIfAbsent(who, _ -> new ArrayList<>()).add(step);
                counts.put(new Place(step.traceId(), who), 0);
            }
        }
        Set<UUID> compared = new HashSet<>();
        for (List<Envelope> group : groups.values()) {
            Retries.of(
                    group,
                    failed,
                    (call, next) -> {
                        compared.add(call.id());
                        compared.add(next.id());
                        return true;
                    });
        }
        Retries.Params params = retries.params(connection, steps, compared);
        Set<SessionAgent> uncertain = new HashSet<>();
        groups.forEach(
                (who, group) -> {
                    if (!Objects.requireNonNull(wholes.get(who.sessionId())).certain()
                            || group.stream()
                                    .anyMatch(
                                            step ->
                                                    compared.contains(step.id())
                                                            && !params.has(step.id()))) {
                        uncertain.add(who);
                    }
                    Retries.of(group, failed, params)
                            .forEach(
                                    retry ->
                                            counts.merge(
                                                    new Place(retry.traceId(), who),
                                                    1,
                                                    Integer::sum));
                });
        retries.write(
                connection,
                counts.entrySet().stream()
                        .map(
                                entry ->
                                        new RetrySettleRepository.Retried(
                                                entry.getKey().traceId(),
                                                entry.getKey().who().sessionId(),
                                                entry.getKey().who().agentId(),
                                                entry.getValue(),
                                                !uncertain.contains(entry.getKey().who())))
                        .toList());
    }

    /// Whether a call failed, as paired in its trace.
    private static Predicate<Envelope> failed(List<Envelope> steps) {
        Set<UUID> failed = new HashSet<>();
        steps.stream()
                .collect(Collectors.groupingBy(Envelope::traceId))
                .values()
                .forEach(
                        trace ->
                                CallPairing.of(trace).calls().stream()
                                        .filter(call -> call.outcome() == Outcome.FAILURE)
                                        .forEach(call -> failed.add(call.call().id())));
        return step -> failed.contains(step.id());
    }
}
