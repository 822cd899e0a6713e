package org.agentaudit.report;

import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.report.pdf.PrintText;

/// A report as it is printed; model of `reports/document/document.html`. All its texts are fit for
/// print.
///
/// @param kind        what report it is: `Daily summary`
/// @param subject     of what: a day, an agent, all agents
/// @param description one sentence about this kind of report
/// @param mark        the overall verdict
/// @param sentence    the answer to the report's first question
/// @param attention   what needs attention, most urgent first
/// @param figures     the few numbers that matter
/// @param facts       id, period, who made it and when
public record PrintDocument(
        String kind,
        String subject,
        String description,
        PrintMark mark,
        String sentence,
        List<String> attention,
        List<List<Fact>> figures,
        List<Fact> facts,
        Running running,
        List<Section> sections) {

    static final int NAME = 120;
    private static final int LINE = 60;
    private static final int TEXT = 1_000;

    public PrintDocument {
        subject = text(subject, NAME);
        sentence = text(sentence, TEXT);
        attention = attention.stream().map(line -> text(line, TEXT)).toList();
        figures = List.copyOf(figures);
        facts = List.copyOf(facts);
        sections = List.copyOf(sections);
    }

    /// What stands at the head and the foot of each page.
    public record Running(String head, String period, String foot) {
        public Running {
            head = text(head, LINE);
        }
    }

    /// A name and its value.
    public record Fact(String name, String value) {
        public Fact {
            value = text(value, 2 * NAME);
        }
    }

    /// A part with a heading, found by contents and bookmarks.
    ///
    /// @param id of the heading
    /// @param charts above the tables, each with its sentence
    public record Section(
            String id,
            String title,
            List<String> words,
            List<PrintTable> tables,
            List<Chart> charts) {
        public Section {
            charts = List.copyOf(charts);
            words = words.stream().map(line -> text(line, TEXT)).toList();
            tables = List.copyOf(tables);
        }

        /// What a chart shows, in words.
        public String chartWords(Chart chart) {
            return text(chart.title() + ". " + chart.sentence(), TEXT);
        }

        Section(String id, String title, List<String> words, List<PrintTable> tables) {
            this(id, title, words, tables, List.of());
        }
    }

    public String title() {
        return kind + ": " + subject;
    }

    private static String text(String text, int length) {
        String printable = PrintText.printable(text, length);
        return printable == null ? "" : printable;
    }
}
