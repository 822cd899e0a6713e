package org.agentaudit.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentaudit.event.Redaction;
import org.agentaudit.ingest.redact.RedactionConfig;
import org.agentaudit.ingest.redact.RedactionRules;
import org.agentaudit.ingest.redact.Redactor;
import org.agentaudit.web.FormTokens;
import org.agentaudit.web.Pages;
import org.jspecify.annotations.Nullable;

/// Which detectors are on, and what they would take out of a text. What is typed into the tester is
/// neither stored nor logged.
@Controller("/admin/redaction")
@Produces(MediaType.TEXT_HTML)
@Secured("ADMIN")
@ExecuteOn(TaskExecutors.BLOCKING)
class RedactionController {

    private static final int LONGEST = 100_000;

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final RedactionRules rules;
    private final RedactionConfig config;
    private final FormTokens formTokens;
    private final Pages pages;

    RedactionController(
            RedactionRules rules, RedactionConfig config, FormTokens formTokens, Pages pages) {
        this.rules = rules;
        this.config = config;
        this.formTokens = formTokens;
        this.pages = pages;
    }

    @Get
    HttpResponse<?> page() {
        return render(null, null);
    }

    @Post
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    HttpResponse<?> test(HttpRequest<?> request, @Body Map<String, Object> body) {
        Fields form = new Fields(body);
        formTokens.require(request, form.csrf());
        String text = form.raw("text");
        if (text.isBlank()) {
            return render(null, "Paste a text to try the rules on.").status(HttpStatus.BAD_REQUEST);
        }
        if (text.length() > LONGEST) {
            return render(null, "The tester takes up to 100,000 characters.")
                    .status(HttpStatus.BAD_REQUEST);
        }
        return render(tried(text), null);
    }

    /// As ingest does it: JSON by its names and values, anything else as one text.
    private RedactionPage.Trial tried(String text) {
        JsonNode value = json(text);
        if (value != null) {
            Redactor redactor = new Redactor(rules);
            String after = redactor.rewrite(value).toString();
            return new RedactionPage.Trial(text, true, after, redactor.redactions());
        }
        List<Redaction> found = new ArrayList<>();
        String storable = Redactor.storable(text);
        if (!storable.equals(text)) {
            found.add(new Redaction("", Redaction.UNSTORABLE));
        }
        String after = rules.redact(storable, detector -> found.add(new Redaction("", detector)));
        return new RedactionPage.Trial(text, false, after, found);
    }

    private static @Nullable JsonNode json(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return value != null && value.isContainerNode() ? value : null;
        } catch (JsonProcessingException notJson) {
            return null; // then it is tried as a text
        }
    }

    private MutableHttpResponse<?> render(
            RedactionPage.@Nullable Trial trial, @Nullable String problem) {
        Set<String> own = rules.ownDetectors();
        List<RedactionPage.DetectorRow> rows =
                rules.detectors().stream()
                        .sorted()
                        .map(
                                name ->
                                        new RedactionPage.DetectorRow(
                                                name, rules.isOn(name), own.contains(name)))
                        .toList();
        long off = rows.stream().filter(row -> !row.on()).count();
        return pages.render("admin/redaction", new RedactionPage(rows, off, config, trial, problem))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
