package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The range in which values usually lie, behind the lines.
///
/// @param name what it is: `usual`
/// @param low  one for each category; null where there is none
/// @param high as `low`
public record Band(String name, List<@Nullable Double> low, List<@Nullable Double> high) {

    public Band {
        low = Collections.unmodifiableList(new ArrayList<>(low));
        high = Collections.unmodifiableList(new ArrayList<>(high));
    }
}
