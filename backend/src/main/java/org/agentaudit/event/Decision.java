package org.agentaudit.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A choice an agent made.
///
/// @param question   what was to be decided; null when not stated
/// @param options    what was considered, in the order given; may be empty
/// @param chosen     what was chosen; null when not stated
/// @param confidence as the agent stated it, usually 0 to 1; null when not stated
public record Decision(
        @Nullable String question,
        List<DecisionOption> options,
        @Nullable String chosen,
        @Nullable Double confidence) {

    public Decision {
        options = List.copyOf(options);
    }

    /// One option that was considered.
    ///
    /// @param option    the option itself
    /// @param reasoning why it was or was not chosen; null when not stated
    /// @param score     the agent's own rating; null when not stated
    public record DecisionOption(
            String option, @Nullable String reasoning, @Nullable Double score) {}
}
