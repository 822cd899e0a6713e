package org.agentaudit;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.env.Environment;
import io.micronaut.context.env.PropertySource;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentaudit.alert.AlertTargets;
import org.agentaudit.alert.WebhookSignature;
import org.agentaudit.compliance.CheckSettings;
import org.agentaudit.mail.MailServer;
import org.agentaudit.pricing.PriceTable;
import org.agentaudit.query.BadInputException;
import org.agentaudit.report.ReportConfig;
import org.agentaudit.retention.RetentionProfile;

/// Refuses settings of the portal that cannot be understood, before anything is started. Left to
/// themselves, beans take their default in place of a value that cannot be converted.
final class SettingsCheck {
    private static final String OURS = "org.agentaudit.";
    private static final String PREFIX = "portal.";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-z0-9.-]+)(?::[^}]*)?}");

    /// What the framework takes for true, and the opposites; it takes all others for false.
    private static final Set<String> BOOLEANS =
            Set.of("true", "yes", "on", "y", "false", "no", "off", "n");

    private static final Pattern LIMIT = Pattern.compile("PORTAL_LIMIT_([A-Z_]+_(?:WARN|FAIL))");

    private final Environment settings;

    private SettingsCheck(Environment settings) {
        this.settings = settings;
    }

    /// @throws CommandException for the first setting that is wrong; its message is one line
    static void require(Environment settings) {
        SettingsCheck check = new SettingsCheck(settings);
        check.require("portal.demo", Argument.BOOLEAN, OptionalLong.empty());
        check.require("portal.token-budget-per-day", Argument.LONG, OptionalLong.of(1));
        check.limits();
        check.checks();
        check.require("portal.time-zone", ReportConfig::zone);
        check.require("portal.retention.profile", RetentionProfile::listed);
        check.require("portal.alerts.targets", AlertTargets::check);
        check.require("portal.alerts.webhook-secret", WebhookSignature::check);
        check.require("portal.price-table", SettingsCheck::prices);
        check.require("portal.mail.from", SettingsCheck::mailAddress);
        for (BeanDefinition<?> bean : beans(settings.getClassLoader())) {
            for (Argument<?> argument : bean.getConstructor().getArguments()) {
                name(argument.getAnnotationMetadata())
                        .ifPresent(
                                name ->
                                        check.require(
                                                name,
                                                argument,
                                                least(argument.getAnnotationMetadata())));
            }
        }
    }

    private static void mailAddress(String address) {
        try {
            MailServer.requireAddress(address);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()));
        }
    }

    private static void prices(String file) {
        try {
            PriceTable.requireReadable(file);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()));
        }
    }

    /// Those of compliance checks, by the names they are set with.
    private void limits() {
        for (PropertySource source : settings.getPropertySources()) {
            for (String given : source) {
                Matcher limit = LIMIT.matcher(variable(given));
                if (limit.matches()) {
                    String name = limit.group(1).toLowerCase(Locale.ROOT).replace('_', '-');
                    require("portal.limit." + name, Argument.DOUBLE, OptionalLong.empty());
                }
            }
        }
    }

    /// All of compliance checks together, which say themselves what is wrong.
    private void checks() {
        try {
            new CheckSettings(settings);
        } catch (BadInputException e) {
            throw new CommandException(ExitCode.WRONG_USE, String.valueOf(e.getMessage()));
        }
    }

    /// Definitions of all our beans.
    @SuppressWarnings("rawtypes") // as the loader has them
    static List<BeanDefinition<?>> beans(ClassLoader classes) {
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

    private String text(String name) {
        return settings.getProperty(name, String.class).map(String::strip).orElse("");
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    /// @param reader says with a [BadInputException] what is wrong
    private void require(String name, Consumer<String> reader) {
        String text = text(name);
        if (text.isEmpty()) {
            return;
        }
        try {
            reader.accept(text);
        } catch (BadInputException e) {
            throw new CommandException(
                    ExitCode.WRONG_USE, "%s: %s".formatted(variable(name), e.getMessage()));
        }
    }

    private void require(String name, Argument<?> type, OptionalLong least) {
        String text = text(name);
        if (text.isEmpty()) {
            return;
        }
        Object value =
                settings.getProperty(name, ConversionContext.of(type))
                        .map(Object.class::cast)
                        .orElse(null);
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
                                    variable(name),
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
        if (type == double.class) {
            return "a number such as 0.05";
        }
        if (type == Duration.class) {
            return "a duration such as 20ms, 30s, 15m, 12h or 2d";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (type == LocalTime.class) {
            return "a time of day such as 02:30";
        }
        return "a " + type.getSimpleName();
    }
}
