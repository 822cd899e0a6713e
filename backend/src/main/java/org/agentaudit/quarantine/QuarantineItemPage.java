package org.agentaudit.quarantine;

import org.jspecify.annotations.Nullable;

/// One item of quarantine; model of `views/quarantine/item.html`.
///
/// @param body      revealed text; null when it was not asked for
/// @param problem   why the last action did nothing; null when it did
/// @param mayReveal whether the viewer may look at the body
public record QuarantineItemPage(
        QuarantinedItem item, @Nullable String body, @Nullable String problem, boolean mayReveal) {}
