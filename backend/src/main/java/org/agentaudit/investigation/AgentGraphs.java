package org.agentaudit.investigation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.investigation.AgentGraph.Kind;
import org.agentaudit.investigation.AgentGraph.Link;
import org.agentaudit.query.TimelineEntry;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.agentaudit.web.Format;

/// Makes the [AgentGraph] of a trace: boxes in columns from cause to effect, lines between them.
final class AgentGraphs {

    /// Boxes that can still be told apart.
    static final int MOST_BOXES = 30;

    private static final int WIDTH = 184;
    private static final int HEIGHT = 44;
    private static final int ACROSS = 96;
    private static final int DOWN = 20;
    private static final int MARGIN = 12;
    private static final int NAME = 23;

    private static final Set<EventType> CALLS =
            EnumSet.of(EventType.TOOL_CALL, EventType.SKILL_CALL, EventType.EXTERNAL_CALL);

    /// An agent or a tool.
    private record Node(String name, boolean agent) {}

    private record Key(Node from, Node to, Kind kind) {}

    private static final class Tally {
        private int count;
        private int failed;
    }

    private final Map<Key, Tally> links = new LinkedHashMap<>();
    private final Map<Node, Tally> nodes = new LinkedHashMap<>();
    private final Format format;

    private AgentGraphs(Format format) {
        this.format = format;
    }

    static AgentGraph of(List<TimelineEntry> timeline, Format format) {
        AgentGraphs graph = new AgentGraphs(format);
        graph.collect(timeline);
        return graph.graph();
    }

    private void collect(List<TimelineEntry> timeline) {
        Map<UUID, Envelope> byId = new HashMap<>();
        timeline.forEach(
                entry -> byId.put(entry.event().envelope().id(), entry.event().envelope()));
        for (TimelineEntry entry : timeline) {
            Envelope event = entry.event().envelope();
            boolean failed = entry.status() == TimelineStatus.FAILED;
            Node agent = new Node(event.agentId(), true);
            count(nodes.computeIfAbsent(agent, _ -> new Tally()), failed);
            Handoff handoff = event.handoff();
            if (event.type() == EventType.HANDOFF && handoff != null && handoff.to() != null) {
                String from = handoff.from() == null ? event.agentId() : handoff.from();
                link(new Node(from, true), new Node(handoff.to(), true), Kind.HANDOFF, failed);
            }
            if (CALLS.contains(event.type())) {
                Node tool = new Node(event.action(), false);
                count(nodes.computeIfAbsent(tool, _ -> new Tally()), failed);
                link(agent, tool, Kind.CALL, failed);
            }
        }
        for (TimelineEntry entry : timeline) {
            Envelope event = entry.event().envelope();
            UUID parentId = event.parentEventId();
            Envelope parent = parentId == null ? null : byId.get(parentId);
            if (parent != null && !parent.agentId().equals(event.agentId())) {
                Node from = new Node(parent.agentId(), true);
                Node to = new Node(event.agentId(), true);
                // A handoff already says so.
                if (!links.containsKey(new Key(from, to, Kind.HANDOFF))
                        && !links.containsKey(new Key(to, from, Kind.HANDOFF))) {
                    link(from, to, Kind.START, entry.status() == TimelineStatus.FAILED);
                }
            }
        }
        links.keySet()
                .forEach(
                        key -> {
                            nodes.computeIfAbsent(key.from(), _ -> new Tally());
                            nodes.computeIfAbsent(key.to(), _ -> new Tally());
                        });
    }

    private void link(Node from, Node to, Kind kind, boolean failed) {
        count(links.computeIfAbsent(new Key(from, to, kind), _ -> new Tally()), failed);
    }

    private static void count(Tally tally, boolean failed) {
        tally.count++;
        tally.failed += failed ? 1 : 0;
    }

    private AgentGraph graph() {
        List<Link> all =
                links.entrySet().stream()
                        .map(
                                entry ->
                                        new Link(
                                                entry.getKey().from().name(),
                                                entry.getKey().to().name(),
                                                entry.getKey().kind(),
                                                entry.getValue().count,
                                                entry.getValue().failed))
                        .toList();
        List<Node> agents = nodes.keySet().stream().filter(Node::agent).toList();
        boolean tools = nodes.size() <= MOST_BOXES;
        List<Node> boxes = tools ? List.copyOf(nodes.keySet()) : agents;
        AgentGraph.Drawing drawing =
                all.isEmpty() || boxes.size() > MOST_BOXES ? null : drawing(boxes);
        return new AgentGraph(all, drawing, remark(agents.size(), tools), sentence(agents.size()));
    }

    private String remark(int agents, boolean tools) {
        if (agents > MOST_BOXES) {
            return "Not drawn: more than "
                    + MOST_BOXES
                    + " agents cannot be told apart in a drawing. The table holds all of it.";
        }
        return tools
                ? ""
                : "Only agents are drawn; the "
                        + format.count(nodes.size() - agents, "tool is", "tools are")
                        + " in the table.";
    }

    private String sentence(int agents) {
        return format.count(agents, "agent", "agents")
                + ", "
                + format.count(times(Kind.HANDOFF), "handoff", "handoffs")
                + " and "
                + format.count(times(Kind.CALL), "call", "calls")
                + " of "
                + format.count(nodes.size() - agents, "tool", "tools")
                + "; "
                + format.count(
                        links.values().stream().mapToInt(tally -> tally.failed).sum(),
                        "of them failed",
                        "of them failed")
                + ".";
    }

    private int times(Kind kind) {
        return links.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .mapToInt(entry -> entry.getValue().count)
                .sum();
    }

    private AgentGraph.Drawing drawing(List<Node> boxes) {
        Set<Node> drawn = new LinkedHashSet<>(boxes);
        List<Key> edges =
                links.keySet().stream()
                        .filter(key -> drawn.contains(key.from()) && drawn.contains(key.to()))
                        .filter(key -> !key.from().equals(key.to()))
                        .toList();
        List<List<Node>> columns = columns(boxes, edges);
        int tallest = columns.stream().mapToInt(List::size).max().orElse(1);
        int height = 2 * MARGIN + tallest * HEIGHT + (tallest - 1) * DOWN;
        Map<Node, AgentGraph.Box> places = new LinkedHashMap<>();
        for (int column = 0; column < columns.size(); column++) {
            List<Node> nodesOfColumn = columns.get(column);
            int used = nodesOfColumn.size() * HEIGHT + (nodesOfColumn.size() - 1) * DOWN;
            int y = (height - used) / 2;
            for (Node node : nodesOfColumn) {
                places.put(node, box(node, MARGIN + column * (WIDTH + ACROSS), y));
                y += HEIGHT + DOWN;
            }
        }
        List<AgentGraph.Line> lines =
                edges.stream()
                        .map(
                                key ->
                                        line(
                                                key,
                                                Objects.requireNonNull(links.get(key)),
                                                Objects.requireNonNull(places.get(key.from())),
                                                Objects.requireNonNull(places.get(key.to()))))
                        .toList();
        int width = 2 * MARGIN + columns.size() * WIDTH + (columns.size() - 1) * ACROSS;
        return new AgentGraph.Drawing(width, height, List.copyOf(places.values()), lines);
    }

    private AgentGraph.Box box(Node node, int x, int y) {
        Tally tally = Objects.requireNonNull(nodes.get(node));
        String note =
                node.agent()
                        ? tally.count == 0
                                ? "no event seen"
                                : format.count(tally.count, "event", "events")
                        : format.count(tally.count, "call", "calls");
        if (tally.failed > 0) {
            note += ", " + format.count((long) tally.failed) + " failed";
        }
        return new AgentGraph.Box(
                shortened(node.name()),
                node.name(),
                note,
                node.agent(),
                tally.failed > 0,
                x,
                y,
                WIDTH,
                HEIGHT);
    }

    private static String shortened(String name) {
        String line =
                name.codePoints().anyMatch(Character::isISOControl)
                        ? name.replaceAll("\\p{Cntrl}", " ")
                        : name;
        if (line.codePointCount(0, line.length()) <= NAME) {
            return line;
        }
        int head = line.offsetByCodePoints(0, NAME / 2);
        int tail = line.offsetByCodePoints(line.length(), -NAME / 2);
        return line.substring(0, head) + "…" + line.substring(tail);
    }

    /// Each box one column to the right of what leads to it; a line that closes a circle leads
    /// back. Within a column boxes stand beside what leads to them.
    private static List<List<Node>> columns(List<Node> boxes, List<Key> edges) {
        Map<Node, Integer> column = new HashMap<>();
        Map<Node, List<Node>> to = new HashMap<>();
        Set<Node> led = new HashSet<>();
        for (Key edge : edges) {
            to.computeIfAbsent(edge.from(), _ -> new ArrayList<>()).add(edge.to());
            led.add(edge.to());
        }
        for (Node box : boxes) {
            if (!led.contains(box)) {
                place(box, 0, to, column, new HashSet<>());
            }
        }
        for (Node box : boxes) {
            if (!column.containsKey(box)) {
                place(box, 0, to, column, new HashSet<>());
            }
        }
        int last = column.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        List<List<Node>> columns = new ArrayList<>();
        Map<Node, Double> height = new HashMap<>();
        for (int at = 0; at <= last; at++) {
            int number = at;
            List<Node> here =
                    boxes.stream()
                            .filter(box -> Objects.equals(column.get(box), number))
                            .collect(Collectors.toCollection(ArrayList::new));
            here.sort(Comparator.comparingDouble(box -> beside(box, edges, height)));
            for (int row = 0; row < here.size(); row++) {
                height.put(here.get(row), row - (here.size() - 1) / 2.0);
            }
            columns.add(here);
        }
        columns.removeIf(List::isEmpty);
        return columns;
    }

    private static double beside(Node box, List<Key> edges, Map<Node, Double> height) {
        return edges.stream()
                .filter(edge -> edge.to().equals(box))
                .map(edge -> height.get(edge.from()))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    private static void place(
            Node box, int at, Map<Node, List<Node>> to, Map<Node, Integer> column, Set<Node> path) {
        Integer known = column.get(box);
        if ((known != null && known >= at) || at >= MOST_BOXES || !path.add(box)) {
            return;
        }
        column.put(box, at);
        for (Node next : to.getOrDefault(box, List.of())) {
            if (!path.contains(next)) {
                place(next, at + 1, to, column, path);
            }
        }
        path.remove(box);
    }

    private AgentGraph.Line line(Key key, Tally tally, AgentGraph.Box from, AgentGraph.Box to) {
        boolean forwards = to.x() > from.x();
        int x1 = forwards ? from.x() + WIDTH : from.x() + WIDTH / 2;
        int y1 = forwards ? from.y() + HEIGHT / 2 : from.y() + HEIGHT;
        int x2 = forwards ? to.x() : to.x() + WIDTH / 2;
        int y2 = forwards ? to.y() + HEIGHT / 2 : to.y() + HEIGHT;
        String path;
        int labelY = (y1 + y2) / 2 - 5;
        int labelX = (x1 + x2) / 2;
        if (forwards) {
            int bend = (x2 - x1) / 2;
            path =
                    "M%d %dC%d %d %d %d %d %d"
                            .formatted(x1, y1, x1 + bend, y1, x2 - bend, y2, x2 - 2, y2);
        } else {
            int deep = Math.max(y1, y2) + DOWN - 4;
            path = "M%d %dC%d %d %d %d %d %d".formatted(x1, y1, x1, deep, x2, deep, x2, y2 + 2);
            labelY = deep;
        }
        String label = tally.count == 1 ? "" : tally.count + "×";
        if (key.kind() == Kind.HANDOFF) {
            label = tally.count == 1 ? "handoff" : tally.count + " handoffs";
        }
        return new AgentGraph.Line(path, key.kind(), tally.failed > 0, label, labelX, labelY);
    }
}
