package org.agentaudit.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.jspecify.annotations.Nullable;

/// Settles sessions: their parts by trace, agent and quarter hour, their iterations and retries,
/// and the sums they are listed by.
@Singleton
class SessionStep implements SettleStep {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SessionSettleRepository repository;

    SessionStep(SessionSettleRepository repository) {
        this.repository = repository;
    }

    @Override
    public void settle(Connection connection, List<String> traceIds) throws SQLException {
        repository.writeParts(connection, traceIds);
        repository.writeIterations(connection, traceIds);
        List<SessionSettleRepository.Retried> retried = new ArrayList<>();
        repository.steps(connection, traceIds).stream()
                .collect(Collectors.groupingBy(step -> step.event().traceId()))
                .values()
                .forEach(trace -> retried.addAll(retries(trace)));
        repository.writeRetries(connection, retried);
    }

    private record SessionAgent(String sessionId, String agentId) {}

    private static List<SessionSettleRepository.Retried> retries(
            List<SessionSettleRepository.Step> trace) {
        CallPairing pairing =
                CallPairing.of(trace.stream().map(SessionSettleRepository.Step::event).toList());
        Map<UUID, SessionSettleRepository.Step> steps = new HashMap<>();
        Map<SessionAgent, List<Envelope>> groups = new HashMap<>();
        for (SessionSettleRepository.Step step : trace) {
            Envelope event = step.event();
            steps.put(event.id(), step);
            String session = event.sessionId();
            if (session != null) {
                groups.computeIfAbsent(
                                new SessionAgent(session, event.agentId()),
                                key -> new ArrayList<>())
                        .add(event);
            }
        }
        boolean certain = trace.stream().allMatch(SessionSettleRepository.Step::hasContent);
        String traceId = trace.getFirst().event().traceId();
        return groups.entrySet().stream()
                .map(
                        group ->
                                new SessionSettleRepository.Retried(
                                        traceId,
                                        group.getKey().sessionId(),
                                        group.getKey().agentId(),
                                        Retries.of(
                                                        group.getValue(),
                                                        pairing,
                                                        (call, next) ->
                                                                sameParams(
                                                                        steps.get(call.id()),
                                                                        steps.get(next.id())))
                                                .size(),
                                        certain))
                .toList();
    }

    private static boolean sameParams(
            SessionSettleRepository.@Nullable Step call,
            SessionSettleRepository.@Nullable Step next) {
        if (call == null || next == null || !call.hasContent() || !next.hasContent()) {
            return false;
        }
        String params = call.params();
        String nextParams = next.params();
        if (Objects.equals(params, nextParams)) {
            return true;
        }
        try {
            // the order of members says nothing
            return params != null
                    && nextParams != null
                    && JSON.readTree(params).equals(JSON.readTree(nextParams));
        } catch (JsonProcessingException e) {
            // no JSON, changed behind the portal's back: equal only as text
            return false;
        }
    }
}
