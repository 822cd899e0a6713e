package org.agentaudit.web;

import io.micronaut.context.annotation.Property;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import java.time.ZoneId;
import org.thymeleaf.TemplateEngine;

/// Adds the [PageDialect] to the template engine and offers its [Format] to others.
@Singleton
class TemplateHelpers implements BeanCreatedEventListener<TemplateEngine> {

    private final PageDialect dialect;

    /// @param timeZone the report time zone (PORTAL_TIME_ZONE)
    TemplateHelpers(@Property(name = "portal.time-zone", defaultValue = "UTC") String timeZone) {
        dialect = new PageDialect(new Format(ZoneId.of(timeZone)));
    }

    @Override
    public TemplateEngine onCreated(BeanCreatedEvent<TemplateEngine> event) {
        TemplateEngine engine = event.getBean();
        engine.addDialect(dialect);
        return engine;
    }
}
