package org.agentaudit.ingest.jsonl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.ingest.normal.Amounts;
import org.agentaudit.ingest.normal.EventTimes;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Reads a line's members by name. Absent, null and empty text are the same. What says who, what or
/// when must have the right type, or the line is rejected; any other member of the wrong type loses
/// its meaning only and is kept in [#unmapped].
public final class Members {
    /// Longest name of an agent, action, trace, model …, in bytes of UTF-8: three of them must fit
    /// an entry of a PostgreSQL index (2,704 bytes).
    static final int MAX_NAME = 512;

    private static final int MAX_RESOURCES = 1_000;
    private static final int MAX_IDENTIFIER = 4_096;
    private static final int MAX_NUMBER = 40;
    /// More decimal places than any double has; rounding a number with a billion of them would take
    /// minutes and all memory.
    private static final int MAX_SCALE = 400;

    private final List<ObjectNode> places;
    private @Nullable ObjectNode unmapped;

    /// @param places where a member may stand, first place first
    public Members(ObjectNode... places) {
        this.places = List.of(places);
    }

    /// Members of the wrong type, by name; null when there were none.
    public @Nullable ObjectNode unmapped() {
        return unmapped;
    }

    /// Keeps a member that has no place in an event.
    public void keep(String name, JsonNode value) {
        ObjectNode kept = unmapped;
        if (kept == null) {
            kept = JsonNodeFactory.instance.objectNode();
            unmapped = kept;
        }
        kept.set(name, value);
    }

    /// Keeps what another reader of the line kept.
    void keepAll(Members other) {
        ObjectNode kept = other.unmapped;
        if (kept != null) {
            kept.properties().forEach(member -> keep(member.getKey(), member.getValue()));
        }
    }

    /// The first of the names that states something, in the first place that has it.
    public @Nullable JsonNode find(String... names) {
        for (String name : names) {
            for (ObjectNode place : places) {
                JsonNode value = place.get(name);
                if (isStated(value)) {
                    return value;
                }
            }
        }
        return null;
    }

    /// The object under a name; null when there is none. Another type under that name is kept.
    @Nullable ObjectNode object(String name) {
        JsonNode value = find(name);
        if (value instanceof ObjectNode members) {
            return members;
        }
        if (value != null) {
            keep(name, value);
        }
        return null;
    }

    public static boolean isStated(@Nullable JsonNode value) {
        return value != null
                && !value.isNull()
                && !(value.isTextual() && value.textValue().isEmpty());
    }

    /// A name: text, or a number taken as text.
    public @Nullable String name(String... names) {
        JsonNode value = find(names);
        return value == null ? null : asName(names[0], value);
    }

    static String asName(String member, JsonNode value) {
        if (!value.isTextual() && !value.isNumber()) {
            throw new RejectedException(member + " must be text, not " + kind(value));
        }
        String name = value.asText();
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME) {
            throw new RejectedException(
                    member
                            + " has "
                            + bytes
                            + " bytes in UTF-8: send a name of at most "
                            + MAX_NAME);
        }
        return name;
    }

    /// An id: text or number of any length, since it only stands for a UUID.
    public @Nullable String id(String... names) {
        JsonNode value = find(names);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() && !value.isNumber()) {
            throw new RejectedException(names[0] + " must be text, not " + kind(value));
        }
        return value.asText();
    }

    /// Free text; anything else as JSON text.
    public @Nullable String text(String... names) {
        return asText(find(names));
    }

    public static @Nullable String asText(@Nullable JsonNode value) {
        if (!isStated(value) || value == null) {
            return null;
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /// The line's time; null when it has none.
    public @Nullable Instant time(String name, Instant now) {
        JsonNode value = find(name);
        if (value == null) {
            return null;
        }
        if (value.isNumber()) {
            return EventTimes.checked(EventTimes.ofNumber(value.decimalValue()), now);
        }
        if (value.isTextual()) {
            return EventTimes.checked(EventTimes.ofText(value.textValue()), now);
        }
        throw new RejectedException(
                name + " must be ISO 8601 text or a number, not " + kind(value));
    }

    /// A number, also when written as text.
    @Nullable BigDecimal number(String... names) {
        JsonNode value = find(names);
        if (value == null) {
            return null;
        }
        BigDecimal number = asNumber(value);
        if (number == null) {
            keep(names[0], value);
        }
        return number;
    }

    static @Nullable BigDecimal asNumber(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        if (value.isNumber()) {
            return value.decimalValue();
        }
        String text = value.isTextual() ? value.textValue().strip() : "";
        if (text.isEmpty() || text.length() > MAX_NUMBER) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs((long) number.scale()) <= MAX_SCALE
                            && Double.isFinite(number.doubleValue())
                    ? number
                    : null;
        } catch (NumberFormatException e) {
            return null; // a text that is no number: the caller keeps it
        }
    }

    @Nullable Double confidence(String... names) {
        BigDecimal number = number(names);
        return number == null ? null : number.doubleValue();
    }

    /// A duration in milliseconds; see [Amounts].
    public @Nullable Double durationMs(String... names) {
        JsonNode value = find(names);
        Double millis = null;
        if (value != null && value.isDouble()) {
            millis = Amounts.durationMs(value.doubleValue());
        } else {
            BigDecimal number = asNumber(value);
            millis = number == null ? null : Amounts.durationMs(number.doubleValue());
        }
        if (millis == null && value != null) {
            keep(names[0], value);
        }
        return millis;
    }

    public @Nullable BigDecimal cost(String... names) {
        JsonNode value = find(names);
        BigDecimal number = asNumber(value);
        if (number != null && Amounts.isCost(number)) {
            return number;
        }
        if (value != null) {
            keep(names[0], value);
        }
        return null;
    }

    /// A count of tokens.
    public @Nullable Long tokens(String... names) {
        JsonNode value = find(names);
        Long count = asWhole(value);
        if (count != null && Amounts.isTokens(count)) {
            return count;
        }
        if (value != null) {
            keep(names[0], value);
        }
        return null;
    }

    @Nullable Long whole(String... names) {
        JsonNode value = find(names);
        Long number = asWhole(value);
        if (number == null && value != null) {
            keep(names[0], value);
        }
        return number;
    }

    @Nullable Integer depth(String... names) {
        Long number = whole(names);
        return number == null || number < 0 || number > Integer.MAX_VALUE
                ? null
                : number.intValue();
    }

    static @Nullable Long asWhole(@Nullable JsonNode value) {
        if (value != null && value.isLong()) {
            return value.longValue();
        }
        BigDecimal number = asNumber(value);
        if (number == null || number.precision() - number.scale() > 19) {
            return null;
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return null; // not a whole number, or too large: the caller keeps it
        }
    }

    public @Nullable Boolean bool(String... names) {
        JsonNode value = find(names);
        if (value == null) {
            return null;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        String word = value.isTextual() ? value.textValue().toLowerCase(Locale.ROOT) : "";
        if (word.equals("true") || word.equals("false")) {
            return word.equals("true");
        }
        keep(names[0], value);
        return null;
    }

    /// What the producer says about the end: the first of the members that says something known.
    @Nullable Outcome outcome(String... names) {
        for (String name : names) {
            JsonNode value = find(name);
            if (value == null) {
                continue;
            }
            Outcome outcome = value.isBoolean() ? ofBoolean(value) : ofWord(value);
            if (outcome != null) {
                return outcome;
            }
            keep(name, value);
        }
        return null;
    }

    private static Outcome ofBoolean(JsonNode value) {
        return value.booleanValue() ? Outcome.SUCCESS : Outcome.FAILURE;
    }

    private static @Nullable Outcome ofWord(JsonNode value) {
        String word = value.isTextual() ? value.textValue().toLowerCase(Locale.ROOT) : "";
        return switch (word) {
            case "success", "succeeded" -> Outcome.SUCCESS;
            case "failure", "failed", "error" -> Outcome.FAILURE;
            case "partial" -> Outcome.PARTIAL;
            case "pending" -> Outcome.PENDING;
            default -> null;
        };
    }

    @Nullable PermissionLevel permissionLevel() {
        JsonNode value = find("permission_level");
        if (value == null) {
            return null;
        }
        String word = value.isTextual() ? value.textValue().toLowerCase(Locale.ROOT) : "";
        PermissionLevel level =
                switch (word) {
                    case "readonly" -> PermissionLevel.READONLY;
                    case "read-write", "read_write" -> PermissionLevel.READ_WRITE;
                    case "admin" -> PermissionLevel.ADMIN;
                    default -> null;
                };
        if (level == null) {
            keep("permission_level", value);
        }
        return level;
    }

    List<ResourceRef> resources() {
        JsonNode value = find("resources_accessed");
        if (value == null) {
            return List.of();
        }
        List<ResourceRef> resources = new ArrayList<>();
        boolean complete = value.isArray() && value.size() <= MAX_RESOURCES;
        for (JsonNode entry : value.isArray() ? value : List.<JsonNode>of()) {
            ResourceRef resource = resources.size() < MAX_RESOURCES ? resource(entry) : null;
            if (resource == null) {
                complete = false;
            } else {
                resources.add(resource);
            }
        }
        if (!complete) {
            keep("resources_accessed", value);
        }
        return resources;
    }

    /// A resource as an object with type and identifier, or as a bare identifier.
    private static @Nullable ResourceRef resource(JsonNode entry) {
        JsonNode type = entry.isObject() ? entry.get("type") : null;
        JsonNode identifier = entry.isObject() ? entry.get("identifier") : entry;
        boolean fits =
                isStated(identifier)
                        && identifier != null
                        && identifier.isTextual()
                        && identifier.textValue().length() <= MAX_IDENTIFIER
                        && (!isStated(type)
                                || type != null
                                        && type.isTextual()
                                        && type.textValue().length() <= MAX_NAME);
        if (!fits || identifier == null) {
            return null;
        }
        return new ResourceRef(
                isStated(type) && type != null ? type.textValue() : "unspecified",
                identifier.textValue());
    }

    /// What kind of value it is, for people.
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            case STRING -> "text";
            case NULL, MISSING -> "nothing";
            case BINARY, POJO -> "binary data";
        };
    }
}
