package org.agentaudit.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The portal states measurements and verdicts of named checks, never legal conclusions (checklist
/// D9), in whatever text it shows.
class WordingTest {

    private static final Pattern FORBIDDEN =
            Pattern.compile(
                    "tamper-?\\s?proof|guarantee[sd]?\\b|\\bnon-?compliant|(fully|is|are|be|you're) compliant|\\bcompl(y|ies) with"
                            + "|\\bin compliance with|\\bcertifie[sd]|\\blegally|\\blawful|\\bunlawful|\\billegal\\b|\\bviolates? (the )?(law|regulation|act|article|gdpr)"
                            + "|meets the requirements of|conform(s|ity) (with|to) (the )?(law|regulation|act|article|gdpr)",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");

    private static Stream<Path> files(String folder, String suffix) {
        try (Stream<Path> all = Files.walk(Path.of(folder))) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noText_drawsALegalConclusion() {
        List<Path> files =
                Stream.of(
                                files("../web-templates/src/main/resources", ".html"),
                                files("../report-templates/src/main/resources", ".html"),
                                files("src/main/resources/compliance", ".json"),
                                files("src/main/resources/graphql", ".graphqls"),
                                files("src/main/java/org/agentaudit", ".java"))
                        .flatMap(f -> f)
                        .toList();
        assertThat(files).hasSizeGreaterThan(200);
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            String text = read(file);
            if (file.toString().endsWith(".java")) {
                // what people can see: the literals
                StringBuilder literals = new StringBuilder();
                Matcher literal = TEXT.matcher(text);
                while (literal.find()) {
                    literals.append(literal.group()).append('\n');
                }
                text = literals.toString();
            }
            Matcher forbidden = FORBIDDEN.matcher(text);
            while (forbidden.find()) {
                found.add(file.getFileName() + ": " + forbidden.group());
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void pattern_findsWhatItIsFor() {
        for (String text :
                List.of(
                        "The log is tamper-proof.",
                        "Your agents are compliant.",
                        "This complies with the AI Act.",
                        "It violates Article 12.")) {
            assertThat(FORBIDDEN.matcher(text).find()).as(text).isTrue();
        }
        assertThat(FORBIDDEN.matcher("Generate compliance report; tamper-evident").find())
                .isFalse();
    }
}
