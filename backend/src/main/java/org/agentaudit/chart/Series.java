package org.agentaudit.chart;

import java.util.List;

/// Values of one kind, one for each category of the chart, in its order.
public record Series(String name, Hue hue, List<Point> points) {

    public Series {
        points = List.copyOf(points);
    }
}
