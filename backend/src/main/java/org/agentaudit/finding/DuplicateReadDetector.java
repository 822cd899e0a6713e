package org.agentaudit.finding;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;

/// A file that an agent reads again in a session although it has not written it in between (A10 K5,
/// B-000-08): the same part of it, or a part of what it read whole. Reads that failed do not count.
/// One finding per agent and file.
record DuplicateReadDetector(FileTools tools) {

    private static final class FileState {
        private final Set<String> ranges = new HashSet<>();
        private final List<Envelope> again = new ArrayList<>();
    }

    List<Detected> detect(SessionStory session, Texts texts) throws SQLException {
        Set<UUID> calls = new HashSet<>();
        session.byAgent()
                .values()
                .forEach(
                        events ->
                                events.stream()
                                        .filter(event -> event.type() == EventType.TOOL_CALL)
                                        .filter(
                                                event ->
                                                        tools.reads(event.action())
                                                                || tools.writes(event.action()))
                                        .forEach(event -> calls.add(event.id())));
        if (calls.size() < 2) {
            return List.of();
        }
        Map<UUID, FileTools.Target> targets = new HashMap<>();
        texts.each(
                calls,
                (id, params, result) ->
                        FileTools.target(params).ifPresent(target -> targets.put(id, target)));
        List<Detected> found = new ArrayList<>();
        for (Map.Entry<String, List<Envelope>> agent : session.byAgent().entrySet()) {
            for (FileState file : files(session, agent.getValue(), targets)) {
                if (!file.again.isEmpty()) {
                    found.add(finding(session, agent.getKey(), file.again));
                }
            }
        }
        return found;
    }

    private Iterable<FileState> files(
            SessionStory session, List<Envelope> events, Map<UUID, FileTools.Target> targets) {
        Map<String, FileState> files = new LinkedHashMap<>();
        for (Envelope event : events) {
            FileTools.Target target = targets.get(event.id());
            if (target == null) {
                continue;
            }
            FileState file = files.computeIfAbsent(target.path(), path -> new FileState());
            if (tools.writes(event.action())) {
                file.ranges.clear();
            } else if (!session.failed(event)) {
                boolean known = file.ranges.contains("") || file.ranges.contains(target.range());
                if (known) {
                    file.again.add(event);
                }
                file.ranges.add(target.range());
            }
        }
        return files.values();
    }

    private static Detected finding(SessionStory session, String agent, List<Envelope> again) {
        Envelope first = again.getFirst();
        return new Detected(
                FindingKind.DUPLICATE_READS,
                Severity.INFO,
                List.of(first.id().toString()),
                agent,
                session.sessionId(),
                first.traceId(),
                first.occurredAt(),
                (double) again.size(),
                null,
                "A file was read again %d %s without a change in between."
                        .formatted(again.size(), again.size() == 1 ? "time" : "times"),
                "Keep what was read, or let the agent refer to it.",
                again.stream().map(Envelope::id).toList());
    }
}
