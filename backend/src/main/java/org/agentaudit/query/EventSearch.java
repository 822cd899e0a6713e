package org.agentaudit.query;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.EventFilter;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.jspecify.annotations.Nullable;

/// What the explorer's form holds, as typed: parameters of the address by name, only known ones, no
/// empty values.
public record EventSearch(Map<String, List<String>> parameters) {

    private static final List<String> NAMES =
            List.of(
                    "from",
                    "to",
                    "type",
                    "outcome",
                    "errored",
                    "agent",
                    "action",
                    "model",
                    "errorType",
                    "trace",
                    "session",
                    "task",
                    "user",
                    "text");
    private static final int MAXIMUM_LENGTH = 500;

    /// Parameters of which the first value alone counts.
    static final Set<String> SINGLE =
            Set.of("from", "to", "errored", "trace", "session", "task", "user", "text");

    public EventSearch {
        parameters = Map.copyOf(parameters);
    }

    /// Takes what it knows of an address's parameters.
    public static EventSearch of(Map<String, List<String>> address) {
        Map<String, List<String>> known = new LinkedHashMap<>();
        for (String name : NAMES) {
            List<String> values =
                    address.getOrDefault(name, List.of()).stream()
                            .map(String::strip)
                            .filter(value -> !value.isEmpty())
                            .toList();
            if (!values.isEmpty()) {
                known.put(name, values);
            }
        }
        return new EventSearch(known);
    }

    /// @param others parameters of the page that are no filter
    /// @throws BadInputException when an address has a parameter that is not known: a filter that
    ///     is not applied would show more than was asked for
    public static void requireKnown(Set<String> names, List<String> others) {
        for (String name : names) {
            if (!NAMES.contains(name) && !others.contains(name)) {
                throw new BadInputException(
                        "'%s' is no filter of this page; there are %s."
                                .formatted(name, String.join(", ", NAMES)));
            }
        }
    }

    /// The first value of a parameter; empty when there is none.
    public String value(String name) {
        return parameters.getOrDefault(name, List.of("")).getFirst();
    }

    public boolean has(String name, String value) {
        return parameters.getOrDefault(name, List.of()).contains(value);
    }

    public int size(String name) {
        return parameters.getOrDefault(name, List.of()).size();
    }

    public boolean isEmpty() {
        return parameters.isEmpty();
    }

    /// Whether anything of the second row of the form is set.
    public boolean detailed() {
        return parameters.keySet().stream()
                .anyMatch(
                        List.of("model", "errorType", "trace", "session", "task", "user")
                                ::contains);
    }

    /// The same search with one value for a parameter instead of those it has.
    public EventSearch with(String name, String value) {
        Map<String, List<String>> changed = new LinkedHashMap<>(parameters);
        changed.put(name, List.of(value));
        return of(changed);
    }

    /// The same search without a parameter.
    public EventSearch without(String name) {
        Map<String, List<String>> changed = new LinkedHashMap<>(parameters);
        changed.remove(name);
        return new EventSearch(changed);
    }

    /// Names of what is filtered by, in the order of the form.
    public List<String> names() {
        return List.copyOf(address().keySet());
    }

    /// Its parameters in the order of the form.
    public Map<String, List<String>> address() {
        Map<String, List<String>> address = new LinkedHashMap<>();
        for (String known : NAMES) {
            if (parameters.containsKey(known)) {
                address.put(known, parameters.get(known));
            }
        }
        return address;
    }

    /// @param zone of times without an offset
    /// @throws BadInputException when a value cannot be understood
    public EventFilter filter(ZoneId zone) {
        return filter(zone, all("agent"));
    }

    /// The same for other agents than those that were typed; null: all.
    EventFilter filter(ZoneId zone, @Nullable List<String> agents) {
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            for (String value : parameter.getValue()) {
                if (value.length() > MAXIMUM_LENGTH) {
                    throw new BadInputException(
                            "'"
                                    + parameter.getKey()
                                    + "' is longer than "
                                    + MAXIMUM_LENGTH
                                    + " characters.");
                }
            }
        }
        Instant from = time("from", zone, false);
        Instant to = time("to", zone, true);
        if (from != null && to != null && !from.isBefore(to)) {
            throw new BadInputException("'From' must lie before 'to'.");
        }
        return EventFilter.builder()
                .from(from)
                .to(to)
                .types(constants("type", EventType.class))
                .outcomes(constants("outcome", Outcome.class))
                .errored(flag("errored"))
                .agentIds(agents)
                .actions(all("action"))
                .models(all("model"))
                .errorTypes(all("errorType"))
                .traceId(one("trace"))
                .sessionId(one("session"))
                .taskId(one("task"))
                .userId(one("user"))
                .text(one("text"))
                .build();
    }

    private @Nullable List<String> all(String name) {
        return parameters.get(name);
    }

    private @Nullable String one(String name) {
        List<String> values = parameters.get(name);
        return values == null ? null : values.getFirst();
    }

    private @Nullable Boolean flag(String name) {
        String value = one(name);
        if (value == null) {
            return null;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadInputException("'" + name + "' is true or false.");
        };
    }

    private <E extends Enum<E>> @Nullable List<E> constants(String name, Class<E> type) {
        List<String> values = parameters.get(name);
        if (values == null) {
            return null;
        }
        return values.stream().map(value -> constant(name, value, type)).toList();
    }

    private static <E extends Enum<E>> E constant(String name, String value, Class<E> type) {
        String wanted = value.toUpperCase(Locale.ROOT);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(wanted)) {
                return constant;
            }
        }
        throw new BadInputException("'" + value + "' is no known " + name + ".");
    }

    /// @param end a day stands for its end instead of its start
    private @Nullable Instant time(String name, ZoneId zone, boolean end) {
        String value = one(name);
        if (value == null) {
            return null;
        }
        try {
            if (!value.contains("T")) {
                LocalDate day = LocalDate.parse(value);
                return (end ? day.plusDays(1) : day).atStartOfDay(zone).toInstant();
            }
            return value.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
                    ? OffsetDateTime.parse(value).toInstant()
                    : LocalDateTime.parse(value).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new BadInputException(
                    "'" + name + "' is not a time such as 2026-11-21T14:00 or 2026-11-21.");
        }
    }
}
