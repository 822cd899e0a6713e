package org.agentaudit.finding;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import java.util.Set;

/// Limits of findings. The iteration limit and the deepest delegation are those of the compliance
/// checks of that name, so that both say the same.
///
/// @param retries           in a session of an agent; more are a finding
/// @param durationRuns      earlier runs that a duration is compared with, at least
/// @param durationHistory   earlier runs that a duration is compared with, at most (the latest)
/// @param unusualToolDays   days in which a tool was not used
/// @param unusualToolCalls  calls that the agent made in them, at least
/// @param regressionMinimum invocations, or sessions with tokens, needed on each side
/// @param readTools         actions that read a file, in any case
/// @param writeTools        actions that change a file
/// @param searchTools       actions that search for files or in them
/// @param secretScanEvery   rest between two searches of all stored events for secrets
@ConfigurationProperties("portal.finding")
record FindingConfig(
        @Bindable(defaultValue = "3") @Positive int retries,
        @Bindable(defaultValue = "20") @Min(2) int durationRuns,
        @Bindable(defaultValue = "10000") @Min(20) int durationHistory,
        @Bindable(defaultValue = "30") @Positive int unusualToolDays,
        @Bindable(defaultValue = "100") @Positive int unusualToolCalls,
        @Bindable(defaultValue = "20") @Positive int regressionMinimum,
        @Bindable(defaultValue = "Read,read_file,view_file,open_file,NotebookRead")
                Set<String> readTools,
        @Bindable(
                        defaultValue =
                                "Write,Edit,MultiEdit,NotebookEdit,write_file,edit_file,create_file,append_to_file")
                Set<String> writeTools,
        @Bindable(
                        defaultValue =
                                "Grep,Glob,LS,Search,grep_search,file_search,search_files,search_files_by_filename,list_files,list_dir,list_directory,find_files")
                Set<String> searchTools,
        @Bindable(defaultValue = "6h") Duration secretScanEvery) {

    FindingConfig {
        readTools = Set.copyOf(readTools);
        writeTools = Set.copyOf(writeTools);
        searchTools = Set.copyOf(searchTools);
    }
}
