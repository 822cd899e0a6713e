package org.agentaudit;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.env.Environment;
import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.io.service.SoftServiceLoader;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import io.micronaut.inject.BeanDefinitionReference;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Refuses settings of the portal that cannot be understood, before anything is started. Left to
/// themselves, beans take their default in place of a value that cannot be converted.
final class SettingsCheck {
    private static final String OURS = "org.agentaudit.";
    private static final String PREFIX = "portal.";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z0-9.-]+)(?::[^}]*)?}");

    /// What the framework takes for true, and the opposites; it takes all others for false.
    private static final Set<String> BOOLEANS =
            Set.of("true", "yes", "on", "y", "false", "no", "off", "n");

    private final Environment settings;

    private SettingsCheck(Environment settings) {
        this.settings = settings;
    }

    /// @throws CommandException for the first setting that is wrong; its message is one line
    static void require(Environment settings) {
        SettingsCheck check = new SettingsCheck(settings);
        check.require("portal.demo", Argument.BOOLEAN);
        for (BeanDefinition<?> bean : beans(settings.getClassLoader())) {
            for (Argument<?> argument : bean.getConstructor().getArguments()) {
                name(argument.getAnnotationMetadata())
                        .ifPresent(name -> check.require(name, argument));
            }
        }
    }

    @SuppressWarnings("rawtypes") // as the loader has them
    private static List<BeanDefinition<?>> beans(ClassLoader classes) {
        List<BeanDefinitionReference> references = new ArrayList<>();
        SoftServiceLoader.load(BeanDefinitionReference.class, classes)
                .collectAll(references, found -> found.getName().startsWith(OURS));
        List<BeanDefinition<?>> beans = new ArrayList<>();
        references.forEach(reference -> beans.add(reference.load()));
        return beans;
    }

    /// The setting that an argument of a constructor takes its value from.
    private static Optional<String> name(AnnotationMetadata argument) {
        Optional<String> placeholder =
                argument.stringValue(Value.class)
                        .map(PLACEHOLDER::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1));
        return placeholder
                .or(() -> argument.stringValue(Property.class, "name"))
                .filter(name -> name.startsWith(PREFIX));
    }

    private void require(String name, Argument<?> type) {
        String text = settings.getProperty(name, String.class).map(String::strip).orElse("");
        if (text.isEmpty()) {
            return;
        }
        Object value =
                settings.getProperty(name, ConversionContext.of(type))
                        .map(Object.class::cast)
                        .orElse(null);
        OptionalLong least = least(type.getAnnotationMetadata());
        boolean right =
                value instanceof Boolean
                        ? BOOLEANS.contains(text.toLowerCase(Locale.ROOT))
                        : value instanceof Number number && least.isPresent()
                                ? number.longValue() >= least.getAsLong()
                                : value != null;
        if (!right) {
            throw new CommandException(
                    ExitCode.WRONG_USE,
                    "%s is '%s', but it must be %s."
                            .formatted(
                                    name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"),
                                    text.lines().findFirst().orElse(""),
                                    expected(type.getType(), least)));
        }
    }

    /// The least number that an argument takes; empty when it says none.
    private static OptionalLong least(AnnotationMetadata argument) {
        if (argument.hasAnnotation(Positive.class)) {
            return OptionalLong.of(1);
        }
        if (argument.hasAnnotation(PositiveOrZero.class)) {
            return OptionalLong.of(0);
        }
        return argument.longValue(Min.class, AnnotationMetadata.VALUE_MEMBER);
    }

    private static String expected(Class<?> type, OptionalLong least) {
        if (type == int.class || type == long.class) {
            String range = type == int.class ? " up to " + Integer.MAX_VALUE : "";
            return "a whole number"
                    + (least.isPresent() ? " from " + least.getAsLong() : "")
                    + range;
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "a duration such as 20ms, 30s, 15m, 12h or 2d";
        }
        if (type == LocalTime.class) {
            return "a time of day such as 02:30";
        }
        return "a " + type.getSimpleName();
    }
}
