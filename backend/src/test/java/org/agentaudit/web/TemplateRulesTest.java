package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Event texts come from untrusted agents: no template may be able to turn one into markup, style
/// or script.
class TemplateRulesTest {

    private static final Map<String, Pattern> FORBIDDEN =
            Map.of(
                    "unescaped text",
                    Pattern.compile("th:utext|\\[\\(|th:inline|th:remove=\"tag\"[^>]*th:text"),
                    "inline style",
                    Pattern.compile(
                            "(?<![\\w-])(th:)?style(attr|append)?\\s*=|<style",
                            Pattern.CASE_INSENSITIVE),
                    "inline script",
                    Pattern.compile(
                            "<script(?![^>]*\\ssrc=|[^>]*\\sth:src=)|javascript:",
                            Pattern.CASE_INSENSITIVE),
                    "event handler",
                    Pattern.compile("\\s(th:)?on[a-z]+\\s*=", Pattern.CASE_INSENSITIVE),
                    "condition and replacement on one element (the replacement wins)",
                    Pattern.compile("<[^>]*th:(if|unless)=\"[^\"]*\"[^>]*th:(replace|insert)="),
                    "address from elsewhere",
                    Pattern.compile("(src|href)=\"(https?:)?//", Pattern.CASE_INSENSITIVE));

    @Test
    void templates_holdNothingForbidden() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path file : templates()) {
            String text = Files.readString(file);
            FORBIDDEN.forEach(
                    (what, pattern) ->
                            pattern.matcher(text)
                                    .results()
                                    .forEach(hit -> found.put(file + ": " + what, hit.group())));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void templates_stateTheirRecord() throws IOException {
        assertThat(templates()).hasSizeGreaterThan(10);
        for (Path file : templates()) {
            assertThat(Files.readString(file)).as(file.toString()).startsWith("<!--/* ");
        }
    }

    @Test
    void rules_catchWhatTheyForbid() {
        Map<String, String> bad =
                Map.of(
                        "unescaped text", "<p th:utext=\"${x}\">",
                        "inline style", "<p style=\"color: red\">",
                        "inline script", "<script>alert(1)</script>",
                        "event handler", "<p onclick=\"go()\">",
                        "condition and replacement on one element (the replacement wins)",
                                "<p th:if=\"${x}\" th:replace=\"~{y}\">",
                        "address from elsewhere", "<img src=\"https://example.org/x.png\">");
        assertThat(bad.keySet()).isEqualTo(FORBIDDEN.keySet());
        bad.forEach((what, text) -> assertThat(text).containsPattern(FORBIDDEN.get(what)));
    }

    private static List<Path> templates() throws IOException {
        Path views =
                Path.of(System.getProperty("basedir", "."))
                        .resolveSibling("web-templates/src/main/resources/views");
        if (!Files.isDirectory(views)) {
            views = Path.of("../web-templates/src/main/resources/views");
        }
        try (Stream<Path> files = Files.walk(views)) {
            return files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
        }
    }
}
