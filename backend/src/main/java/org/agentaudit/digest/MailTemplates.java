package org.agentaudit.digest;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.agentaudit.web.TemplateFailure;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.exceptions.TemplateEngineException;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/// Writes both parts of a mail from one record. A template sees one variable, `page`.
@Singleton
class MailTemplates {

    private final TemplateEngine html = engine(".html", TemplateMode.HTML);
    private final TemplateEngine text = engine(".txt", TemplateMode.TEXT);

    /// @param template below `mails/` without ending
    String html(String template, Object page) {
        return process(html, template, page);
    }

    /// Lines end with a line feed, without blanks before it, and empty lines stand alone.
    String text(String template, Object page) {
        return process(text, template, page)
                        .replaceAll("[ \\t]+\\n", "\n")
                        .replaceAll("\\n{3,}", "\n\n")
                        .strip()
                + "\n";
    }

    private static String process(TemplateEngine engine, String template, Object page) {
        try {
            return engine.process(template, new Context(Locale.ROOT, Map.of("page", page)));
        } catch (TemplateEngineException e) {
            throw TemplateFailure.of("mails/" + template, e);
        }
    }

    private static TemplateEngine engine(String ending, TemplateMode mode) {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("mails/");
        resolver.setSuffix(ending);
        resolver.setTemplateMode(mode);
        resolver.setCharacterEncoding(StandardCharsets.UTF_8.name());
        TemplateEngine engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        return engine;
    }
}
