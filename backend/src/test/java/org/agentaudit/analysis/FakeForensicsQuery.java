package org.agentaudit.analysis;

import org.agentaudit.access.Viewer;
import org.agentaudit.query.Trace;
import org.agentaudit.query.TraceQuery;

/// Forensics over traces in memory, without earlier calls to compare with.
public final class FakeForensicsQuery extends ForensicsQuery {
    private static final int ROWS = 10_000;

    private final TraceQuery traces;

    public FakeForensicsQuery(TraceQuery traces) {
        super(traces, null, null);
        this.traces = traces;
    }

    @Override
    public Forensics of(Viewer viewer, Trace trace) {
        return ForensicsAnalysis.of(
                trace, traces.timeline(viewer, trace.id(), ROWS), !viewer.mayReadContent());
    }
}
