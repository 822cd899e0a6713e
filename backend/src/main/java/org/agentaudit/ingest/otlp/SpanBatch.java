package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// The spans that came together, and what they tell about each other: whose agent a step is, who
/// handed over to whom, and which model calls are the same call seen by two instrumentations.
/// A span of another request is not seen: agents are then known by `service.name` alone, a handoff
/// is an invocation without the handoff, and a call that was told twice counts twice.
final class SpanBatch {
    /// Ancestors further up are not asked.
    private static final int MAX_ANCESTORS = 256;
    /// Two of it fit a `long`.
    private static final long MAX_SUM = 1L << 61;

    private static final Set<SpanKind> STEPS =
            Set.of(SpanKind.AGENT, SpanKind.WORKFLOW, SpanKind.TOOL, SpanKind.MEMORY);

    private final Map<String, Span> spans = new HashMap<>();
    private final Map<String, String> sessions = new HashMap<>();
    private final Map<String, String> users = new HashMap<>();
    /// Model calls that repeat what calls inside them, or the call around them, count.
    private final Set<Span> repeated = new HashSet<>();

    /// One span and what it says about itself.
    ///
    /// @param attributes only to look something up: what of them is used is not remembered here
    /// @param agent null when it names none
    /// @param usage null unless it is a model call that states tokens
    record Span(
            ObjectNode tree,
            Attributes attributes,
            SpanKind kind,
            String key,
            String parentKey,
            @Nullable String agent,
            @Nullable String tool,
            @Nullable TokenCounts usage) {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return key.hashCode();
        }
    }

    SpanBatch(List<ObjectNode> trees) {
        for (ObjectNode tree : trees) {
            if (tree.path(SignalTree.SIGNAL).asText("").equals(SignalTree.SPAN)) {
                add(tree);
            }
        }
        findRepeated();
    }

    private void add(ObjectNode tree) {
        Attributes attributes = new Attributes(tree);
        String name = tree.path("name").asText("");
        SpanKind kind = SpanKind.of(name, attributes);
        String traceId = tree.path("traceId").asText("");
        String key = key(traceId, tree.path("spanId").asText(""));
        Span span =
                new Span(
                        tree,
                        attributes,
                        kind,
                        key,
                        key(traceId, tree.path("parentSpanId").asText("")),
                        Names.agent(kind, name, attributes),
                        kind == SpanKind.TOOL ? Names.tool(name, attributes) : null,
                        kind == SpanKind.MODEL ? Usage.tokens(attributes) : null);
        spans.putIfAbsent(key, span);
        String session = attributes.name(Names.SESSION);
        if (session != null) {
            sessions.putIfAbsent(traceId, session);
        }
        String user = attributes.name(Names.USER);
        if (user != null) {
            users.putIfAbsent(traceId, user);
        }
    }

    private static String key(String traceId, String spanId) {
        return traceId + ":" + spanId;
    }

    /// The span of a tree of this batch; a span told twice is the first one.
    Span of(ObjectNode tree) {
        Span span = spans.get(key(tree.path("traceId").asText(""), tree.path("spanId").asText("")));
        if (span == null) {
            throw new IllegalArgumentException("not a span of this batch");
        }
        return span;
    }

    /// The span that a log record was written in; null when it is not in this batch.
    @Nullable Span around(ObjectNode record) {
        return spans.get(key(record.path("traceId").asText(""), record.path("spanId").asText("")));
    }

    /// The session that some span of the trace names.
    @Nullable String sessionOf(String traceId) {
        return sessions.get(traceId);
    }

    @Nullable String userOf(String traceId) {
        return users.get(traceId);
    }

    /// Its own, else its nearest ancestor's, else the service's; null when none is stated.
    @Nullable String agentOf(Span span) {
        if (span.agent != null) {
            return span.agent;
        }
        Span above = nearest(span, each -> each.agent != null);
        return above == null ? Names.service(span.tree) : above.agent;
    }

    /// The agent whose step this span is: that of the nearest agent above.
    @Nullable Span callerOf(Span span) {
        return nearest(span, each -> each.kind == SpanKind.AGENT);
    }

    /// An attribute of the span or of its nearest ancestor that has it; null when none has.
    @Nullable String inherited(Span span, String... names) {
        String own = span.attributes.name(names);
        if (own != null) {
            return own;
        }
        Span above = nearest(span, each -> each.attributes.has(names));
        return above == null ? null : above.attributes.name(names);
    }

    /// The span right above; null when it is not in this batch.
    @Nullable Span parentOf(Span span) {
        return spans.get(span.parentKey);
    }

    /// Agents above that differ from the one below them, this one included.
    int depthOf(Span span) {
        int depth = 0;
        String below = agentOf(span);
        Span at = callerOf(span);
        for (int i = 0; at != null && i < MAX_ANCESTORS; i++) {
            String agent = agentOf(at);
            if (agent != null && !agent.equals(below)) {
                depth++;
                below = agent;
            }
            at = callerOf(at);
        }
        return depth;
    }

    /// Whether the span tells again what the span around it tells: the same agent running, or the
    /// same tool being called, as another instrumentation sees it.
    boolean isRepetition(Span span) {
        return switch (span.kind) {
            case AGENT, WORKFLOW -> {
                Span above =
                        nearest(
                                span,
                                each ->
                                        each.kind == SpanKind.AGENT
                                                || each.kind == SpanKind.WORKFLOW);
                String agent = agentOf(span);
                yield above != null && agent != null && agent.equals(agentOf(above));
            }
            case TOOL -> {
                Span above = nearest(span, each -> STEPS.contains(each.kind));
                yield above != null
                        && above.kind == SpanKind.TOOL
                        && span.tool != null
                        && span.tool.equals(above.tool);
            }
            case MODEL -> repeated.contains(span);
            default -> false;
        };
    }

    private @Nullable Span nearest(Span span, Predicate<Span> wanted) {
        Span at = spans.get(span.parentKey);
        for (int i = 0; at != null && at != span && i < MAX_ANCESTORS; i++) {
            if (wanted.test(at)) {
                return at;
            }
            at = at.key.equals(at.parentKey) ? null : spans.get(at.parentKey);
        }
        return null;
    }

    /// Model calls right inside another model call, with no agent or tool between, are either the
    /// same call seen by a second instrumentation, or the parts of which the outer one states the
    /// sum. Counted are the innermost that state tokens.
    private void findRepeated() {
        Map<Span, List<Span>> inside = new HashMap<>();
        Map<Span, Integer> depths = new HashMap<>();
        for (Span span : spans.values()) {
            Span outer = span.kind == SpanKind.MODEL ? outerCall(span) : null;
            if (outer != null && outerCall(outer) != span) {
                inside.computeIfAbsent(outer, key -> new ArrayList<>()).add(span);
            }
        }
        for (Span outer : inside.keySet()) {
            int depth = 0;
            for (Span at = outerCall(outer); at != null && depth < MAX_ANCESTORS; depth++) {
                at = outerCall(at);
            }
            depths.put(outer, depth);
        }
        Map<Span, TokenCounts> counted = new HashMap<>();
        inside.keySet().stream()
                .sorted(
                        Comparator.comparing((Span outer) -> -depths.getOrDefault(outer, 0))
                                .thenComparing(Span::key))
                .forEach(outer -> settle(outer, inside.getOrDefault(outer, List.of()), counted));
    }

    private @Nullable Span outerCall(Span span) {
        Span above =
                nearest(span, each -> each.kind == SpanKind.MODEL || STEPS.contains(each.kind));
        return above != null && above.kind == SpanKind.MODEL ? above : null;
    }

    private void settle(Span outer, List<Span> inner, Map<Span, TokenCounts> counted) {
        long input = 0;
        long output = 0;
        boolean stated = false;
        for (Span span : inner) {
            TokenCounts usage = counted.getOrDefault(span, span.usage);
            if (usage != null) {
                input = Math.min(MAX_SUM, input + usage.input());
                output = Math.min(MAX_SUM, output + usage.output());
                stated = true;
            }
        }
        TokenCounts own = outer.usage;
        if (own == null || stated && own.input() == input && own.output() == output) {
            repeated.add(outer);
            if (stated) {
                counted.put(outer, new TokenCounts(input, output, 0));
            }
        } else if (!stated) {
            repeated.addAll(inner);
        }
    }

    static boolean isFailed(JsonNode tree, Attributes attributes) {
        return tree.path("status").path("code").asInt(0) == 2 || attributes.has("error.type");
    }
}
