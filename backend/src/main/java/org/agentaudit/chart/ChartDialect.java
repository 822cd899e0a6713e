package org.agentaudit.chart;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.thymeleaf.context.ITemplateContext;
import org.thymeleaf.dialect.AbstractProcessorDialect;
import org.thymeleaf.engine.AttributeName;
import org.thymeleaf.model.IProcessableElementTag;
import org.thymeleaf.processor.IProcessor;
import org.thymeleaf.processor.element.AbstractAttributeTagProcessor;
import org.thymeleaf.processor.element.IElementTagStructureHandler;
import org.thymeleaf.standard.expression.StandardExpressions;
import org.thymeleaf.templatemode.TemplateMode;

/// Puts a chart's drawing into a template: `<div chart:screen="${page.activity()}"></div>` on
/// pages, `chart:print` in print reports. The only way markup gets in beside templates, and it
/// takes nothing but a [Chart].
public final class ChartDialect extends AbstractProcessorDialect {

    private static final String PREFIX = "chart";
    private static final int PRECEDENCE = 1300;

    public ChartDialect() {
        super("Charts", PREFIX, PRECEDENCE);
    }

    @Override
    public Set<IProcessor> getProcessors(String prefix) {
        return Stream.of(TemplateMode.HTML, TemplateMode.XML)
                .flatMap(
                        mode ->
                                Arrays.stream(Theme.values())
                                        .filter(theme -> theme != Theme.MAIL)
                                        .map(theme -> new Processor(mode, prefix, theme)))
                .collect(Collectors.toSet());
    }

    private static final class Processor extends AbstractAttributeTagProcessor {
        private final Theme theme;

        Processor(TemplateMode mode, String prefix, Theme theme) {
            super(
                    mode,
                    prefix,
                    null,
                    false,
                    theme == Theme.SCREEN ? "screen" : "print",
                    true,
                    PRECEDENCE,
                    true);
            this.theme = theme;
        }

        @Override
        protected void doProcess(
                ITemplateContext context,
                IProcessableElementTag tag,
                AttributeName name,
                String value,
                IElementTagStructureHandler structure) {
            @Nullable Object chart =
                    StandardExpressions.getExpressionParser(context.getConfiguration())
                            .parseExpression(context, value)
                            .execute(context);
            if (!(chart instanceof Chart drawn)) {
                throw new IllegalArgumentException(
                        "chart:" + name.getAttributeName() + " takes a chart");
            }
            structure.setBody(ChartSvg.render(drawn, theme), false);
        }
    }
}
