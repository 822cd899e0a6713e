package org.agentaudit.query;

import java.util.List;

/// What a cost report is made of, as of one moment.
///
/// @param period    with the times of its first and last request
/// @param rows      by cost, descending, without a cost last, ties by key; at most as many as asked
/// @param small     agents and models to look at for cheaper models, dearest first
/// @param uncached  models of whose input less than half was read from the cache
public record CostCounts(
        Period period,
        RequestSums total,
        List<Row> rows,
        List<AgentModel> small,
        List<Row> uncached) {

    public CostCounts {
        rows = List.copyOf(rows);
        small = List.copyOf(small);
        uncached = List.copyOf(uncached);
    }

    /// @param key of the dimension, or a model's name as its producer wrote it
    public record Row(String key, RequestSums sums) {}

    /// What an agent used of a model.
    public record AgentModel(String agentId, String model, RequestSums sums) {}
}
