package org.agentaudit.web;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import org.thymeleaf.TemplateEngine;

/// Adds the [PageDialect] to the template engine.
@Singleton
class TemplateHelpers implements BeanCreatedEventListener<TemplateEngine> {

    private final Format format;

    TemplateHelpers(Format format) {
        this.format = format;
    }

    @Override
    public TemplateEngine onCreated(BeanCreatedEvent<TemplateEngine> event) {
        TemplateEngine engine = event.getBean();
        engine.addDialect(new PageDialect(format));
        return engine;
    }
}
