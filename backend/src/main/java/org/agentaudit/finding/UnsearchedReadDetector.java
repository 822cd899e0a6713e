package org.agentaudit.finding;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;

/// Files read although none of the three tool calls before searched for them (A10 K6). Left out, as
/// they need no search: files without a path, README files, files that the task names (B-000-09),
/// and files the agent read or wrote before in the trace. One finding per run.
record UnsearchedReadDetector(FileTools tools) implements Detector {
    private static final int LOOK_BACK = 3;

    @Override
    public List<Detected> detect(TraceStory trace, Texts texts) throws SQLException {
        Set<UUID> files = new HashSet<>();
        Set<UUID> tasks = new HashSet<>();
        for (Envelope event : trace.events()) {
            if (event.type() == EventType.TOOL_CALL
                    && (tools.reads(event.action()) || tools.writes(event.action()))) {
                files.add(event.id());
            } else if (event.type() == EventType.INVOCATION) {
                tasks.add(event.id());
            }
        }
        if (files.isEmpty()) {
            return List.of();
        }
        Map<UUID, FileTools.Target> targets = new HashMap<>();
        texts.each(
                files,
                (id, params, result) ->
                        FileTools.target(params).ifPresent(target -> targets.put(id, target)));
        Set<String> named = named(tasks, targets, texts);
        List<Detected> found = new ArrayList<>();
        Map<String, Set<String>> known = new HashMap<>();
        for (TraceStory.Run run : trace.runs()) {
            List<Envelope> reads =
                    unsearched(
                            run,
                            targets,
                            named,
                            known.computeIfAbsent(run.agentId(), a -> new HashSet<>()));
            if (!reads.isEmpty()) {
                found.add(finding(trace, run, reads));
            }
        }
        return found;
    }

    /// Names of files that a task mentions.
    private static Set<String> named(
            Set<UUID> tasks, Map<UUID, FileTools.Target> targets, Texts texts) throws SQLException {
        Set<String> names = new HashSet<>();
        targets.values().forEach(target -> names.add(target.name()));
        Set<String> named = new HashSet<>();
        texts.each(
                tasks,
                (id, params, result) -> {
                    if (params != null) {
                        names.stream().filter(params::contains).forEach(named::add);
                    }
                });
        return named;
    }

    /// @param known paths the agent has read or written; those of the run are added
    private List<Envelope> unsearched(
            TraceStory.Run run,
            Map<UUID, FileTools.Target> targets,
            Set<String> named,
            Set<String> known) {
        List<Envelope> reads = new ArrayList<>();
        List<Envelope> calls = new ArrayList<>();
        for (Envelope event : run.events()) {
            if (event.type() != EventType.TOOL_CALL) {
                continue;
            }
            FileTools.Target target = targets.get(event.id());
            if (target != null) {
                boolean isNew = known.add(target.path());
                boolean searched =
                        calls.subList(Math.max(0, calls.size() - LOOK_BACK), calls.size()).stream()
                                .anyMatch(call -> tools.searches(call.action()));
                if (isNew
                        && !searched
                        && tools.reads(event.action())
                        && !target.path().toUpperCase(Locale.ROOT).contains("README")
                        && !named.contains(target.name())) {
                    reads.add(event);
                }
            }
            calls.add(event);
        }
        return reads;
    }

    private static Detected finding(TraceStory trace, TraceStory.Run run, List<Envelope> reads) {
        Envelope first = reads.getFirst();
        return new Detected(
                FindingKind.READ_WITHOUT_SEARCH,
                Severity.INFO,
                run.subject(),
                run.agentId(),
                first.sessionId(),
                trace.traceId(),
                first.occurredAt(),
                (double) reads.size(),
                null,
                "%d %s read without a search before, so the agent may have guessed."
                        .formatted(reads.size(), reads.size() == 1 ? "file was" : "files were"),
                "Let the agent search before it reads.",
                reads.stream().map(Envelope::id).toList());
    }
}
