package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.agentaudit.ingest.normal.Amounts;
import org.jspecify.annotations.Nullable;

/// Reads a signal's attributes by name and remembers which were used: the others have no place in
/// an event and are kept as [#rest]. Attributes of span events that only carry the span's content
/// are read as `EVENT/ATTRIBUTE`.
final class Attributes {
    /// Longest name of an agent, action, session …, in bytes of UTF-8, as in every other shape.
    private static final int MAX_NAME = 512;

    private static final int MAX_REST = 2_000;
    private static final int MAX_LIST = 10_000;
    private static final int MAX_SCALE = 400;

    /// Span events that hold the content of their span.
    private static final Set<String> CONTENT_EVENTS =
            Set.of(
                    "data.input",
                    "data.output",
                    "metadata",
                    "gen_ai.content.prompt",
                    "gen_ai.content.completion",
                    "gen_ai.client.inference.operation.details",
                    "exception");

    private final ObjectNode values;
    private final Map<String, JsonNode> ofEvents = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    Attributes(ObjectNode signal) {
        this.values =
                signal.get("attributes") instanceof ObjectNode sent
                        ? sent
                        : SignalTree.NODES.objectNode();
        for (JsonNode event : signal.path("events")) {
            String name = event.path("name").asText("");
            if (CONTENT_EVENTS.contains(name)) {
                for (Map.Entry<String, JsonNode> member : event.path("attributes").properties()) {
                    ofEvents.putIfAbsent(name + "/" + member.getKey(), member.getValue());
                }
            }
        }
    }

    /// The first of the names that states something; it counts as used.
    @Nullable JsonNode find(String... names) {
        for (String name : names) {
            JsonNode value = get(name);
            if (isStated(value)) {
                used.add(name);
                return value;
            }
        }
        return null;
    }

    private @Nullable JsonNode get(String name) {
        JsonNode value = values.get(name);
        return value == null ? ofEvents.get(name) : value;
    }

    boolean has(String... names) {
        for (String name : names) {
            if (isStated(get(name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isStated(@Nullable JsonNode value) {
        return value != null
                && !value.isNull()
                && !(value.isTextual() && value.textValue().isEmpty())
                && !(value.isArray() && value.isEmpty());
    }

    /// Free text; anything else as JSON text.
    @Nullable String text(String... names) {
        JsonNode value = find(names);
        return value == null ? null : value.isTextual() ? value.textValue() : value.toString();
    }

    /// A word of a convention: text, which does not count as used.
    String word(String... names) {
        for (String name : names) {
            JsonNode value = values.get(name);
            if (value != null && value.isTextual() && !value.textValue().isEmpty()) {
                return value.textValue();
            }
        }
        return "";
    }

    /// A name. One that is too long for an event is cut, and kept whole in the rest.
    @Nullable String name(String... names) {
        for (String name : names) {
            JsonNode value = get(name);
            if (isStated(value) && value != null && value.isValueNode()) {
                String sent = value.asText();
                String fitting = fit(sent);
                if (fitting.equals(sent)) {
                    used.add(name);
                }
                return fitting;
            }
        }
        return null;
    }

    /// The text itself, or as much of its start as a name may have.
    static String fit(String text) {
        if (text.length() <= MAX_NAME / 3
                || text.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME) {
            return text;
        }
        StringBuilder fitting = new StringBuilder();
        int bytes = 3;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > MAX_NAME) {
                break;
            }
            fitting.appendCodePoint(point);
            i += Character.charCount(point);
        }
        return fitting.append('…').toString();
    }

    /// A count of tokens, also when written as text.
    @Nullable Long tokens(String... names) {
        for (String name : names) {
            BigInteger count = SignalTree.whole(get(name));
            if (count != null && count.bitLength() <= 63 && Amounts.isTokens(count.longValue())) {
                used.add(name);
                return count.longValue();
            }
        }
        return null;
    }

    /// A number of milliseconds, also when written as text.
    @Nullable Double milliseconds(String... names) {
        BigDecimal number = number(names);
        return number == null ? null : Amounts.durationMs(number.doubleValue());
    }

    /// US dollars.
    @Nullable BigDecimal cost(String... names) {
        BigDecimal number = number(names);
        return number == null || !Amounts.isCost(number) ? null : number;
    }

    private @Nullable BigDecimal number(String... names) {
        for (String name : names) {
            JsonNode value = get(name);
            BigDecimal number = value == null ? null : asNumber(value);
            if (number != null) {
                used.add(name);
                return number;
            }
        }
        return null;
    }

    private static @Nullable BigDecimal asNumber(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        String text = value.isTextual() ? value.textValue().strip() : "";
        if (text.isEmpty() || text.length() > 40) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) > MAX_SCALE ? null : number;
        } catch (NumberFormatException e) {
            return null; // a text that is no number stays in the rest
        }
    }

    /// A list that is flattened into attributes (`PREFIX.0.role`, `PREFIX.0.content` …), put
    /// together again; null when there is none.
    @Nullable JsonNode list(String prefix) {
        String start = prefix + ".";
        Branch root = new Branch();
        for (Map.Entry<String, JsonNode> member : values.properties()) {
            String name = member.getKey();
            if (name.startsWith(start) && isIndex(name, start.length()) && root.size < MAX_LIST) {
                root.put(name.substring(start.length()).split("\\.", 32), member.getValue());
                root.size++;
                used.add(name);
            }
        }
        return root.size == 0 ? null : root.json();
    }

    private static boolean isIndex(String name, int at) {
        return at < name.length() && name.charAt(at) >= '0' && name.charAt(at) <= '9';
    }

    /// One level of a flattened list: members by name, or by number when all names are numbers.
    private static final class Branch {
        private final Map<String, Object> members = new TreeMap<>(Branch::compare);
        private int size;

        private static int compare(String one, String other) {
            boolean numbers = isNumber(one) && isNumber(other);
            return numbers
                    ? Integer.compare(Integer.parseInt(one), Integer.parseInt(other))
                    : one.compareTo(other);
        }

        private static boolean isNumber(String name) {
            return name.length() <= 8
                    && !name.isEmpty()
                    && name.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        void put(String[] path, JsonNode value) {
            Branch at = this;
            for (int i = 0; i < path.length - 1; i++) {
                Object next = at.members.computeIfAbsent(path[i], name -> new Branch());
                if (!(next instanceof Branch branch)) {
                    at.members.put(path[i] + "'", value);
                    return;
                }
                at = branch;
            }
            String last = path[path.length - 1];
            at.members.put(at.members.containsKey(last) ? last + "'" : last, value);
        }

        JsonNode json() {
            if (members.keySet().stream().allMatch(Branch::isNumber)) {
                ArrayNode array = SignalTree.NODES.arrayNode();
                members.values().forEach(value -> array.add(json(value)));
                return array;
            }
            ObjectNode object = SignalTree.NODES.objectNode();
            members.forEach((name, value) -> object.set(name, json(value)));
            return object;
        }

        private static JsonNode json(Object value) {
            return value instanceof Branch branch ? branch.json() : (JsonNode) value;
        }
    }

    boolean isUsed(String name) {
        return used.contains(name);
    }

    /// Adds what was not used, up to a number of attributes that no real span reaches.
    void rest(ObjectNode target) {
        int kept = 0;
        int left = 0;
        for (Map.Entry<String, JsonNode> member : values.properties()) {
            if (used.contains(member.getKey()) || !isStated(member.getValue())) {
                continue;
            }
            if (kept < MAX_REST) {
                target.set(member.getKey(), member.getValue());
                kept++;
            } else {
                left++;
            }
        }
        if (left > 0) {
            target.put("…", left + " more attributes were left out");
        }
    }
}
