package org.agentaudit.analysis;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.agentaudit.access.Viewer;
import org.agentaudit.analysis.Forensics.Statement;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;
import org.agentaudit.query.TraceWindow;
import org.jspecify.annotations.Nullable;

/// The forensics of a trace as a viewer may know them. Takes a constant number of questions to the
/// database, and memory that does not grow with the trace.
@Singleton
public class ForensicsQuery {

    /// Agents of which earlier calls are looked up.
    private static final int AGENTS = 20;

    private final TraceQuery traces;
    private final EventQuery events;
    private final HistoryRepository history;

    ForensicsQuery(TraceQuery traces, EventQuery events, HistoryRepository history) {
        this.traces = traces;
        this.events = events;
        this.history = history;
    }

    /// What the trace's events visible to the viewer show. Evidence is given with its whole
    /// content, as far as the viewer may see it.
    public Forensics of(Viewer viewer, Trace trace) {
        TraceWindow window = traces.window(viewer, trace.id());
        return whole(
                viewer,
                ForensicsAnalysis.of(trace, window, history(window), !viewer.mayReadContent()));
    }

    /// Only the visible events' agents: nothing is told of the others.
    private History history(TraceWindow window) {
        Set<String> agents = new LinkedHashSet<>();
        boolean failed = false;
        for (var entry : window.entries()) {
            failed |= ForensicsAnalysis.speaksOfFailure(entry);
            if (agents.size() < AGENTS && ForensicsAnalysis.isTimed(entry.event().envelope())) {
                agents.add(entry.event().envelope().agentId());
            }
        }
        return failed && !agents.isEmpty()
                ? new History(
                        history.durations(
                                agents,
                                window.entries().getFirst().event().envelope().occurredAt()))
                : History.none();
    }

    /// Cited events are read again: what was analysed had its texts cut.
    private Forensics whole(Viewer viewer, Forensics read) {
        List<UUID> cited =
                statements(read)
                        .flatMap(statement -> statement.evidence().stream())
                        .map(event -> event.envelope().id())
                        .distinct()
                        .toList();
        Map<UUID, AuditEvent> whole = new HashMap<>();
        events.byIds(viewer, cited).forEach(event -> whole.put(event.envelope().id(), event));
        Statement cause = read.rootCause();
        return new Forensics(
                cause == null ? null : whole(cause, whole),
                whole(read.contributingFactors(), whole),
                whole(read.contradictions(), whole),
                whole(read.gaps(), whole),
                whole(read.recommendations(), whole));
    }

    private static Stream<Statement> statements(Forensics forensics) {
        return Stream.of(
                        Stream.ofNullable(forensics.rootCause()),
                        forensics.contributingFactors().stream(),
                        forensics.contradictions().stream(),
                        forensics.gaps().stream(),
                        forensics.recommendations().stream())
                .flatMap(statements -> statements);
    }

    private static List<Statement> whole(List<Statement> statements, Map<UUID, AuditEvent> whole) {
        List<Statement> all = new ArrayList<>(statements.size());
        statements.forEach(statement -> all.add(whole(statement, whole)));
        return all;
    }

    private static Statement whole(Statement statement, Map<UUID, AuditEvent> whole) {
        return new Statement(
                statement.text(),
                statement.hypothesis(),
                statement.evidence().stream()
                        .map(event -> whole(event, whole.get(event.envelope().id())))
                        .toList());
    }

    /// An event that went in between stays as it was read.
    private static AuditEvent whole(AuditEvent read, @Nullable AuditEvent whole) {
        return whole == null ? read : whole;
    }
}
