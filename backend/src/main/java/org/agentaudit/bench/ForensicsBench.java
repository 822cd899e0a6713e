package org.agentaudit.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.agentaudit.analysis.Forensics;
import org.agentaudit.analysis.ForensicsAnalysis;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.TokenCounts;
import org.agentaudit.query.CallPairing;
import org.agentaudit.query.Completeness;
import org.agentaudit.query.TimelineStatuses;
import org.agentaudit.query.Trace;
import org.jspecify.annotations.Nullable;

/// Measures forensics on runs that people have labelled with the agent and the step at fault.
public final class ForensicsBench {

    private ForensicsBench() {}

    /// One run's answer.
    ///
    /// @param agent of the first cited event; null when no root cause was stated
    /// @param step  of that event; null when no root cause was stated
    record Answer(@Nullable String agent, @Nullable Integer step) {}

    /// @param folder holds the runs as JSON files, at any depth; other files are passed over
    /// @throws IOException when a file cannot be read
    /// @throws IllegalArgumentException when there is no labelled run
    public static AttributionReport run(Path folder) throws IOException {
        Tally design = new Tally();
        Tally unseen = new Tally();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
        for (Path file : files) {
            JsonNode json = LabelledRun.json().readTree(file.toFile());
            if (json.has("history") && json.has("mistake_step")) {
                LabelledRun run = LabelledRun.of(json);
                (run.design() ? design : unseen).add(run, answer(run));
            }
        }
        if (design.runs + unseen.runs == 0) {
            throw new IllegalArgumentException("no labelled run in the folder");
        }
        return new AttributionReport(design.half(), unseen.half());
    }

    static Answer answer(LabelledRun run) {
        Forensics.Statement cause = forensics(run.events()).rootCause();
        if (cause == null) {
            return new Answer(null, null);
        }
        AuditEvent first = cause.evidence().getFirst();
        return new Answer(first.envelope().agentId(), run.stepOfEvent().get(first.envelope().id()));
    }

    static Forensics forensics(List<AuditEvent> events) {
        CallPairing pairing = CallPairing.of(events.stream().map(AuditEvent::envelope).toList());
        var start = events.getFirst().envelope().occurredAt();
        var end = events.getLast().envelope().endedAt();
        Trace trace =
                new Trace(
                        events.getFirst().envelope().traceId(),
                        start,
                        end,
                        Duration.between(start, end).toMillis(),
                        events.stream()
                                .map(event -> event.envelope().agentId())
                                .distinct()
                                .toList(),
                        events.size(),
                        0,
                        Outcome.UNKNOWN,
                        TokenCounts.ZERO,
                        null,
                        0,
                        new Completeness(events.size(), 1, 0, 0, 0, 0, 0, List.of(), 0, 0));
        return ForensicsAnalysis.of(trace, TimelineStatuses.of(events, pairing), false);
    }

    private static final class Tally {
        private int runs;
        private int agent;
        private int step;
        private int silent;
        private double randomAgent;
        private double randomStep;
        private int busiest;
        private int firstAgent;
        private int firstStep;

        void add(LabelledRun run, Answer answer) {
            runs++;
            agent += run.mistakenAgent().equals(answer.agent()) ? 1 : 0;
            step += Integer.valueOf(run.mistakenStep()).equals(answer.step()) ? 1 : 0;
            silent += answer.agent() == null ? 1 : 0;
            Map<String, Integer> said = new HashMap<>();
            Set<String> speakers = new LinkedHashSet<>();
            List<Integer> spoken = new ArrayList<>();
            for (int i = 0; i < run.speakers().size(); i++) {
                String speaker = run.speakers().get(i);
                if (speaker != null) {
                    said.merge(speaker, 1, Integer::sum);
                    speakers.add(speaker);
                    spoken.add(i);
                }
            }
            randomAgent += speakers.contains(run.mistakenAgent()) ? 1.0 / speakers.size() : 0;
            randomStep += 1.0 / run.speakers().size();
            String most = "";
            for (String speaker : speakers) {
                if (said.getOrDefault(speaker, 0) > said.getOrDefault(most, 0)) {
                    most = speaker;
                }
            }
            busiest += run.mistakenAgent().equals(most) ? 1 : 0;
            if (spoken.size() > 1) {
                int first = spoken.get(1);
                firstAgent += run.mistakenAgent().equals(run.speakers().get(first)) ? 1 : 0;
                firstStep += run.mistakenStep() == first ? 1 : 0;
            }
        }

        AttributionReport.Half half() {
            int n = Math.max(1, runs);
            return new AttributionReport.Half(
                    runs,
                    agent,
                    step,
                    silent,
                    randomAgent / n,
                    randomStep / n,
                    busiest,
                    firstAgent,
                    firstStep);
        }
    }
}
