package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.env.Environment;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.BeanDefinition;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `application.yml` shows every setting with the default that it has without the file.
class SettingsFileTest {

    private static ApplicationContext context;
    private static Environment file;

    @BeforeAll
    static void readFile() {
        context =
                ApplicationContext.builder()
                        .deduceEnvironment(false)
                        .environmentPropertySource(false)
                        .build();
        file = context.getEnvironment().start();
    }

    @AfterAll
    static void close() {
        context.close();
    }

    @Test
    void settingsWithADefault_standInTheFileWithIt() {
        Map<String, String> missing = new TreeMap<>();
        int found = 0;
        for (BeanDefinition<?> config : SettingsCheck.beans(file.getClassLoader())) {
            if (!config.hasAnnotation(ConfigurationProperties.class)) {
                continue;
            }
            for (Argument<?> argument : config.getConstructor().getArguments()) {
                String name =
                        argument.getAnnotationMetadata()
                                .stringValue(Property.class, "name")
                                .orElseThrow();
                Optional<String> value =
                        argument.getAnnotationMetadata()
                                .stringValue(Bindable.class, "defaultValue");
                found++;
                value.filter(
                                v ->
                                        !v.equals(
                                                file.getProperty(name, String.class)
                                                        .orElse(
                                                                file.containsProperty(name)
                                                                        ? ""
                                                                        : null)))
                        .ifPresent(v -> missing.put(name, v));
            }
        }
        assertThat(found).isGreaterThan(50);
        assertThat(missing).isEmpty();
    }
}
