package org.agentaudit.investigation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who worked with whom in a trace: agents, what they handed over, and the tools they called.
///
/// @param links    every connection, in order of its first event, whether it is drawn or not
/// @param drawing  null when nothing connects anybody, or there is too much to draw
/// @param remark   what is not drawn and why; empty when all of it is
/// @param sentence what it shows, in words
public record AgentGraph(
        List<Link> links, @Nullable Drawing drawing, String remark, String sentence) {

    public AgentGraph {
        links = List.copyOf(links);
    }

    /// What a connection is.
    public enum Kind {
        HANDOFF("handed over to"),
        START("started"),
        CALL("called");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// One connection.
    ///
    /// @param from   an agent's id
    /// @param to     an agent's id, for [Kind#CALL] the name of an action
    /// @param count  how often
    /// @param failed how often it failed
    public record Link(String from, String to, Kind kind, int count, int failed) {}

    /// The connections as lines between boxes.
    public record Drawing(int width, int height, List<Box> boxes, List<Line> lines) {
        public Drawing {
            boxes = List.copyOf(boxes);
            lines = List.copyOf(lines);
        }
    }

    /// An agent or a tool.
    ///
    /// @param name  shortened to fit
    /// @param whole its name
    /// @param note  how many steps
    public record Box(
            String name,
            String whole,
            String note,
            boolean agent,
            boolean failed,
            int x,
            int y,
            int width,
            int height) {}

    /// @param path  of an SVG path
    /// @param label how often; empty for once without a failure
    /// @param x     middle of the label
    /// @param y     baseline of the label
    public record Line(String path, Kind kind, boolean failed, String label, int x, int y) {}
}
