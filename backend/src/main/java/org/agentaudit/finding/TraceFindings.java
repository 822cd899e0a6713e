package org.agentaudit.finding;

import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.jspecify.annotations.Nullable;

/// Findings of traces, and of the sessions they belong to.
@Singleton
class TraceFindings {
    private final StoryRepository stories;
    private final HistoryRepository history;
    private final FindingRepository findings;
    private final List<Detector> detectors;
    private final RetryDetector retries;
    private final DuplicateReadDetector duplicateReads;
    private final InjectionDetector injections = new InjectionDetector();
    private final Duration unusualAfter;

    TraceFindings(
            StoryRepository stories,
            HistoryRepository history,
            FindingRepository findings,
            FindingConfig config,
            @Value("${portal.limit.iteration-limit:10}") int iterationLimit,
            @Value("${portal.limit.delegation-depth-fail:5}") double delegationDepth) {
        this.stories = stories;
        this.history = history;
        this.findings = findings;
        FileTools tools =
                new FileTools(config.readTools(), config.writeTools(), config.searchTools());
        this.detectors =
                List.of(
                        new IterationLimitDetector(iterationLimit),
                        new DelegationDepthDetector(delegationDepth),
                        new HallucinationDetector(),
                        new UnsearchedReadDetector(tools));
        this.retries = new RetryDetector(config.retries());
        this.duplicateReads = new DuplicateReadDetector(tools);
        this.unusualAfter = Duration.ofDays(config.unusualToolDays());
    }

    /// Stores what is new of these traces and their sessions.
    void detect(Connection connection, List<String> traceIds, Instant now) throws SQLException {
        Map<String, List<Envelope>> events = stories.events(connection, traceIds);
        Map<String, StoryRepository.Scanned> scanned = stories.scanned(connection, traceIds);
        Map<String, StoryRepository.Scanned> read = new HashMap<>();
        List<Detected> found = new ArrayList<>();
        for (Map.Entry<String, List<Envelope>> entry : events.entrySet()) {
            TraceStory trace = new TraceStory(entry.getKey(), entry.getValue());
            Texts texts = stories.texts(connection, List.of(trace.traceId()));
            for (Detector detector : detectors) {
                found.addAll(detector.detect(trace, texts));
            }
            found.addAll(duplicateReads.detect(new SessionStory(null, trace.events()), texts));
            StoryRepository.Scanned outside = scan(trace, scanned.get(trace.traceId()), texts);
            if (outside != null) {
                read.put(trace.traceId(), outside);
                found.addAll(injections.detect(trace, outside.suspicious(), texts));
            }
        }
        for (String session : stories.sessions(connection, traceIds)) {
            found.addAll(ofSession(connection, session));
        }
        stories.scanned(connection, read);
        findings.add(connection, found, now);
        rememberTools(connection, events.values());
    }

    private List<Detected> ofSession(Connection connection, String sessionId) throws SQLException {
        List<Envelope> events = stories.sessionEvents(connection, sessionId);
        SessionStory session = new SessionStory(sessionId, events);
        Texts texts =
                stories.texts(
                        connection,
                        events.stream().map(Envelope::traceId).collect(Collectors.toSet()));
        List<Detected> found = new ArrayList<>(retries.detect(sessionId, session, texts));
        found.addAll(duplicateReads.detect(session, texts));
        return found;
    }

    /// Reads what came from outside since the last time; null when nothing ever did.
    private static StoryRepository.@Nullable Scanned scan(
            TraceStory trace, StoryRepository.@Nullable Scanned before, Texts texts)
            throws SQLException {
        List<Envelope> outside =
                trace.events().stream().filter(InjectionDetector::fromOutside).toList();
        if (outside.isEmpty()) {
            return null;
        }
        long arrival = before == null ? -1 : before.arrival();
        long known = outside.stream().filter(event -> event.arrival() <= arrival).count();
        boolean anew = before == null || known != before.events();
        Set<UUID> suspicious = new HashSet<>();
        if (before != null && !anew) {
            suspicious.addAll(before.suspicious());
        }
        texts.each(
                outside.stream()
                        .filter(event -> anew || event.arrival() > arrival)
                        .map(Envelope::id)
                        .collect(Collectors.toSet()),
                (id, params, result) -> {
                    if (InjectionDetector.isSuspicious(result)) {
                        suspicious.add(id);
                    }
                });
        return new StoryRepository.Scanned(
                outside.stream().mapToLong(Envelope::arrival).max().orElseThrow(),
                outside.size(),
                outside.stream()
                        .map(Envelope::id)
                        .filter(suspicious::contains)
                        .limit(Detected.MOST_EVIDENCE)
                        .toList());
    }

    private void rememberTools(Connection connection, Collection<List<Envelope>> traces)
            throws SQLException {
        List<Envelope> calls =
                traces.stream()
                        .flatMap(List::stream)
                        .filter(event -> event.type() == EventType.TOOL_CALL)
                        .toList();
        if (!calls.isEmpty()) {
            Spells spells = Spells.join(history.spells(connection, calls), calls, unusualAfter);
            history.replaceSpells(connection, spells.gone(), spells.added());
        }
    }
}
