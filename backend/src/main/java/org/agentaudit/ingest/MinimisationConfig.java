package org.agentaudit.ingest;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.PositiveOrZero;
import java.util.Set;

/// Content of which only the measure is kept (seed 001, data minimisation), by the exact name of
/// the action.
///
/// @param fileTools  their file contents become a size; the path stays
/// @param queryTools their rows become a row count
/// @param shellTools their output keeps its head and tail
/// @param shellHead  characters kept at the start
/// @param shellTail  characters kept at the end, where errors are
@ConfigurationProperties("portal.minimise")
record MinimisationConfig(
        @Bindable(defaultValue = "Read,Write,Edit,MultiEdit,NotebookEdit") Set<String> fileTools,
        @Bindable(
                        defaultValue =
                                "query_database,execute_sql,execute_query,run_sql,run_query,sql_query")
                Set<String> queryTools,
        @Bindable(defaultValue = "Bash,BashOutput") Set<String> shellTools,
        @Bindable(defaultValue = "500") @PositiveOrZero int shellHead,
        @Bindable(defaultValue = "500") @PositiveOrZero int shellTail) {

    MinimisationConfig {
        fileTools = Set.copyOf(fileTools);
        queryTools = Set.copyOf(queryTools);
        shellTools = Set.copyOf(shellTools);
    }
}
