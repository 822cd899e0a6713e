package org.agentaudit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every source file is formatted by google-java-format, AOSP style. `-Dformat.update=true` formats
/// instead of failing.
class FormattingTest {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src");
    private static final Formatter FORMATTER =
            new Formatter(
                    JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.AOSP).build());

    private static final int COLUMNS = 100;
    private static final Pattern COMMENT =
            Pattern.compile("(?<indent>\\s*)///(?<space> *)(?<text>.*?)\\s*");
    private static final Pattern NEW_PARAGRAPH = Pattern.compile("@|[-*|#>] ?|```|\\d+\\. ");

    @Test
    void sources_areFormatted() throws IOException, FormatterException {
        boolean update = Boolean.getBoolean("format.update");
        List<Path> different = new ArrayList<>();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(SOURCES)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
        for (Path file : sources) {
            String written = Files.readString(file);
            String formatted = format(written);
            if (!formatted.equals(written)) {
                different.add(SOURCES.relativize(file));
                if (update) {
                    Files.writeString(file, formatted);
                }
            }
        }
        assertThat(sources).isNotEmpty();
        if (!update) {
            assertThat(different)
                    .as("not formatted; run: mvn test -Dtest=FormattingTest -Dformat.update=true")
                    .isEmpty();
        }
    }

    /// Imports as in Google's style (one block, unused ones removed), the rest AOSP; again until
    /// nothing changes, since one pass may leave the next one something to do.
    private static String format(String source) throws FormatterException {
        String before = wrapComments(source);
        for (int pass = 0; pass < 4; pass++) {
            String after =
                    FORMATTER.formatSource(
                            ImportOrderer.reorderImports(
                                    RemoveUnusedImports.removeUnusedImports(before),
                                    JavaFormatterOptions.Style.GOOGLE));
            if (after.equals(before)) {
                break;
            }
            before = after;
        }
        return before;
    }

    /// Rewraps paragraphs of `///` comments that are too wide: the formatter would end them in the
    /// middle, going on with `//`.
    private static String wrapComments(String source) {
        List<String> lines = source.lines().toList();
        List<String> wrapped = new ArrayList<>();
        boolean code = false;
        int next = 0;
        while (next < lines.size()) {
            Matcher first = COMMENT.matcher(lines.get(next));
            if (!first.matches()) {
                code = false;
                wrapped.add(lines.get(next++));
                continue;
            }
            if (first.group("text").startsWith("```")) {
                code = !code;
            }
            int end = next + 1;
            while (!code && end < lines.size() && continues(lines.get(end))) {
                end++;
            }
            List<String> paragraph = lines.subList(next, end);
            if (code || paragraph.stream().allMatch(line -> line.length() <= COLUMNS)) {
                wrapped.addAll(paragraph);
            } else {
                wrap(first, paragraph, wrapped);
            }
            next = end;
        }
        return String.join("\n", wrapped) + "\n";
    }

    /// Whether a line goes on with the paragraph before it: no blank line, tag, list, table,
    /// heading or code.
    private static boolean continues(String line) {
        Matcher comment = COMMENT.matcher(line);
        return comment.matches()
                && !comment.group("text").isEmpty()
                && !NEW_PARAGRAPH.matcher(comment.group("text")).lookingAt();
    }

    private static void wrap(Matcher first, List<String> paragraph, List<String> to) {
        String indent = first.group("indent") + "///";
        String hanging = first.group("space");
        if (paragraph.size() > 1) {
            Matcher second = COMMENT.matcher(paragraph.get(1));
            hanging = second.matches() ? second.group("space") : hanging;
        } else if (NEW_PARAGRAPH.matcher(first.group("text")).lookingAt()) {
            hanging += "    ";
        }
        StringBuilder line = new StringBuilder(indent + first.group("space"));
        boolean empty = true;
        for (String each : paragraph) {
            Matcher comment = COMMENT.matcher(each);
            if (!comment.matches()) {
                throw new IllegalStateException(each);
            }
            for (String word : comment.group("text").split(" +")) {
                if (!empty && line.length() + 1 + word.length() > COLUMNS) {
                    to.add(line.toString());
                    line = new StringBuilder(indent + hanging);
                    empty = true;
                }
                line.append(empty ? "" : " ").append(word);
                empty = false;
            }
        }
        to.add(line.toString());
    }
}
