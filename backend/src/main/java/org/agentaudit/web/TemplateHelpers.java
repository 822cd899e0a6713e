package org.agentaudit.web;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import jakarta.inject.Singleton;
import org.agentaudit.chart.ChartDialect;
import org.thymeleaf.TemplateEngine;

/// Adds the [PageDialect] and the [ChartDialect] to the template engine.
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
        engine.addDialect(new ChartDialect());
        return engine;
    }
}
