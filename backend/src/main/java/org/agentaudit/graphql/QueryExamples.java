package org.agentaudit.graphql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The questions a log must answer at once (checklist Y1 to Y14), as examples in the editor. Each
/// is a file of its own whose first lines, comments in GraphQL, say its title, how far back its
/// variables `from` and `to` reach, and what other variables it has.
@Singleton
class QueryExamples {
    private static final int COUNT = 14;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Template> templates;
    private final Clock clock;

    QueryExamples(Clock clock) {
        this.clock = clock;
        this.templates =
                IntStream.rangeClosed(1, COUNT).mapToObj(i -> Template.read("Y" + i)).toList();
    }

    /// The examples with periods that end now.
    List<QueryExample> all() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return templates.stream().map(template -> template.at(now)).toList();
    }

    /// @param back null when the query is about no period
    private record Template(
            String id,
            String title,
            String query,
            ObjectNode variables,
            @Nullable TemporalAmount back) {

        static Template read(String id) {
            String name = "/graphql/examples/" + id + ".graphql";
            try (InputStream file = QueryExamples.class.getResourceAsStream(name)) {
                if (file == null) {
                    throw new IllegalStateException(name + " is missing");
                }
                return of(id, new String(file.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Template of(String id, String text) throws JsonProcessingException {
            Map<String, String> head =
                    text.lines()
                            .takeWhile(line -> line.startsWith("# "))
                            .map(line -> line.substring(2).split(": ", 2))
                            .collect(Collectors.toMap(line -> line[0], line -> line[1]));
            String query =
                    text.lines()
                            .dropWhile(line -> line.startsWith("# "))
                            .collect(Collectors.joining("\n", "", "\n"));
            String title = head.get("title");
            if (title == null) {
                throw new IllegalStateException(id + " has no title");
            }
            return new Template(
                    id,
                    title,
                    query,
                    JSON.readValue(head.getOrDefault("variables", "{}"), ObjectNode.class),
                    amount(head.get("back")));
        }

        private static @Nullable TemporalAmount amount(@Nullable String text) {
            if (text == null) {
                return null;
            }
            return text.contains("T") ? Duration.parse(text) : Period.parse(text);
        }

        QueryExample at(Instant now) {
            ObjectNode filled = variables.deepCopy();
            if (back != null) {
                filled.put("from", now.atOffset(ZoneOffset.UTC).minus(back).toInstant().toString());
                filled.put("to", now.toString());
            }
            return new QueryExample(id, title, query, filled.toPrettyString());
        }
    }
}
