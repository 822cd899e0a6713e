package org.agentaudit.web;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thymeleaf.context.IExpressionContext;
import org.thymeleaf.dialect.AbstractDialect;
import org.thymeleaf.dialect.IExpressionObjectDialect;
import org.thymeleaf.expression.IExpressionObjectFactory;

/// Gives templates its helpers `#f` ([Format]), `#link` ([Links]) and `#mark` ([Marks]).
public final class PageDialect extends AbstractDialect implements IExpressionObjectDialect {

    private final Map<String, Object> helpers;

    public PageDialect(Format format) {
        super("Agent Audit Portal");
        helpers = Map.of("f", format, "link", new Links(), "mark", new Marks());
    }

    @Override
    public IExpressionObjectFactory getExpressionObjectFactory() {
        return new IExpressionObjectFactory() {
            @Override
            public Set<String> getAllExpressionObjectNames() {
                return helpers.keySet();
            }

            @Override
            public @Nullable Object buildObject(IExpressionContext context, String name) {
                return helpers.get(name);
            }

            @Override
            public boolean isCacheable(String name) {
                return true;
            }
        };
    }
}
