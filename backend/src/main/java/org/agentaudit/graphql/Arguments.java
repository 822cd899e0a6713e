package org.agentaudit.graphql;

import graphql.schema.DataFetchingEnvironment;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.agentaudit.query.BadInputException;
import org.agentaudit.query.PageRequest;
import org.agentaudit.query.Period;
import org.jspecify.annotations.Nullable;

/// Arguments of a field or members of an input object, already of the schema's types. Absent and
/// null are the same.
final class Arguments {

    /// Rows of a timeline or a graph at most.
    static final int MAXIMUM_ROWS = 10_000;

    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Map<String, ?> values;

    private Arguments(Map<String, ?> values) {
        this.values = values;
    }

    static Arguments of(DataFetchingEnvironment environment) {
        return new Arguments(environment.getArguments());
    }

    /// @throws BadInputException for characters that PostgreSQL cannot compare with
    @Nullable String text(String name) {
        String text = (String) values.get(name);
        if (text != null) {
            requireStorable(name, text);
        }
        return text;
    }

    String requiredText(String name) {
        return required(name, text(name));
    }

    @Nullable List<String> texts(String name) {
        @SuppressWarnings("unchecked") // the schema says [String!]
        List<String> texts = (List<String>) values.get(name);
        if (texts != null) {
            texts.forEach(text -> requireStorable(name, text));
        }
        return texts;
    }

    /// @param type what the schema's enum is in Java
    <E extends Enum<E>> @Nullable List<E> choices(String name, Class<E> type) {
        List<?> choices = (List<?>) values.get(name);
        return choices == null ? null : choices.stream().map(type::cast).toList();
    }

    <E extends Enum<E>> @Nullable E choice(String name, Class<E> type) {
        Object choice = values.get(name);
        return choice == null ? null : type.cast(choice);
    }

    <E extends Enum<E>> E requiredChoice(String name, Class<E> type) {
        return type.cast(required(name, values.get(name)));
    }

    @Nullable Boolean flag(String name) {
        return (Boolean) values.get(name);
    }

    @Nullable Integer number(String name) {
        return (Integer) values.get(name);
    }

    /// A number that has a default in the schema.
    int numberBetween(String name, int lowest, int highest) {
        int number = required(name, number(name));
        if (number < lowest || number > highest) {
            throw new BadInputException("'%s' must be %d to %d.".formatted(name, lowest, highest));
        }
        return number;
    }

    @Nullable Instant instant(String name) {
        return (Instant) values.get(name);
    }

    LocalDate requiredDay(String name) {
        return (LocalDate) required(name, values.get(name));
    }

    UUID requiredUuid(String name) {
        String text = requiredText(name);
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new BadInputException(
                    "'%s' must be a UUID, for instance e925c091-d7d8-5a39-a8a8-288be09a790e."
                            .formatted(name));
        }
        return UUID.fromString(text);
    }

    Period requiredPeriod(String name) {
        Arguments period = required(name, object(name));
        return Period.of(
                required("from", period.instant("from")), required("to", period.instant("to")));
    }

    @SuppressWarnings("unchecked") // input objects are maps with string keys
    @Nullable Arguments object(String name) {
        Object object = values.get(name);
        return object == null ? null : new Arguments((Map<String, ?>) object);
    }

    PageRequest page() {
        return new PageRequest(number("first"), text("after"), number("last"), text("before"));
    }

    private static <T> T required(String name, @Nullable T value) {
        return Objects.requireNonNull(value, () -> "the schema lets '" + name + "' be null");
    }

    private static void requireStorable(String name, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new BadInputException("'%s' holds a NUL character.".formatted(name));
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new BadInputException("'%s' holds half of a surrogate pair.".formatted(name));
            }
        }
    }
}
