package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern PACKAGE =
            Pattern.compile("^\\| `([a-z]+)` \\| [^|]+ \\| ([^|]+) \\|$", Pattern.MULTILINE);

    @Test
    void packages_areTheTableThatIsChecked() throws IOException {
        String architecture = section("## Architecture");
        // A package that stands there twice fails here.
        Map<String, String> rows =
                PACKAGE.matcher(architecture)
                        .results()
                        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        Map<String, Set<String>> mayUse = new TreeMap<>();
        rows.forEach((name, used) -> mayUse.put(name, names(used)));
        Map<String, Set<String>> expected = new TreeMap<>(ArchitectureTest.MAY_USE);
        expected.put("graphql", Set.of("everything that reads"));
        assertThat(mayUse).isEqualTo(expected);
    }

    private static Set<String> names(String used) {
        return used.equals("nothing") ? Set.of() : Set.of(used.split(", "));
    }

    @Test
    void decisions_areNumberedInOrder() throws IOException {
        int number = 0; // gaps are numbers that a decision still being written has
        for (MatchResult found :
                Pattern.compile("^(\\d+)\\. \\*\\*", Pattern.MULTILINE)
                        .matcher(section("## Decisions"))
                        .results()
                        .toList()) {
            int next = Integer.parseInt(found.group(1));
            assertThat(next).isGreaterThan(number);
            number = next;
        }
        assertThat(number).isPositive();
    }

    private static String section(String title) throws IOException {
        String text = Files.readString(README);
        int start = text.indexOf("\n" + title + "\n");
        assertThat(start).as(title).isPositive();
        return text.substring(start + 1, text.indexOf("\n## ", start + title.length()));
    }
}
