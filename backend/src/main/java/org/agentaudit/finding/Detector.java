package org.agentaudit.finding;

import java.sql.SQLException;
import java.util.List;

/// Concludes something from the events of one trace. Looks at nothing but its arguments, so the
/// same events always give the same conclusions.
sealed interface Detector
        permits IterationLimitDetector,
                DelegationDepthDetector,
                HallucinationDetector,
                UnsearchedReadDetector {

    /// @param texts content of the trace's events; read only where the envelope is not enough
    /// @throws SQLException when content cannot be read
    List<Detected> detect(TraceStory trace, Texts texts) throws SQLException;
}
