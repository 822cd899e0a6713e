package org.agentaudit.query;

import jakarta.inject.Singleton;
import java.util.Collection;
import org.agentaudit.access.Viewer;

/// Reads what compliance checks need beside the counters of a period, from roll-ups but for the
/// parts of broken quarter hours; in a constant number of statements.
@Singleton
public class CheckCountsQuery {

    private final CheckCountsRepository repository;

    CheckCountsQuery(CheckCountsRepository repository) {
        this.repository = repository;
    }

    /// Of a period that was settled, see [CountsQuery#counts].
    ///
    /// @param actions   actions whose calls need approval whatever the permission level
    /// @param deeperThan depth above which handoffs are told
    public CheckCounts of(
            Viewer viewer, Period period, Collection<String> actions, double deeperThan) {
        viewer.requireReader();
        CheckCountsRepository.Span span = CheckCountsRepository.Span.of(period);
        CheckCountsRepository.Tallies tallies =
                repository.tallies(viewer, span, actions, deeperThan);
        return new CheckCounts(
                repository.runs(viewer, span),
                tallies.calls(),
                tallies.deep(),
                repository.brokenParents(viewer, span));
    }
}
