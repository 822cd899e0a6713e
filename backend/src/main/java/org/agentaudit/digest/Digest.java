package org.agentaudit.digest;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One mail in words and tables; model of `mails/report.html` and `mails/report.txt`. All texts are
/// fit to print ([Words]), all addresses absolute.
///
/// @param subject     without the name of the portal in front
/// @param title       which report: `Daily summary`
/// @param when        what it covers: day or period, zone
/// @param late        why it comes late; null when it does not
/// @param verdict     in one sentence
/// @param state       shape of it: `ok`, `warn`, `fail` or `unknown`
/// @param attention   what needs attention, the most urgent first; empty when nothing does
/// @param figures     the numbers that matter
/// @param picture     null when there is nothing to draw
/// @param sections    tables
/// @param basis       what the report rests on, sentences
/// @param open        the report in the portal
/// @param owner       who subscribed the recipient
/// @param unsubscribe address to end it
public record Digest(
        String subject,
        String title,
        String when,
        @Nullable String late,
        String verdict,
        String state,
        List<Alarm> attention,
        List<Figure> figures,
        @Nullable Picture picture,
        List<Section> sections,
        List<String> basis,
        Link open,
        String owner,
        String unsubscribe) {

    private static final int PER_ROW = 3;

    public Digest {
        attention = List.copyOf(attention);
        figures = List.copyOf(figures);
        sections = List.copyOf(sections);
        basis = List.copyOf(basis);
    }

    /// The first thing that is read: mail programs show it beside the subject.
    public String first() {
        return attention.isEmpty()
                ? "Nothing needs attention."
                : "Needs attention: " + attention.getFirst().text();
    }

    /// The figures as rows of a table.
    public List<List<Figure>> figureRows() {
        List<List<Figure>> rows = new ArrayList<>();
        for (int from = 0; from < figures.size(); from += PER_ROW) {
            rows.add(figures.subList(from, Math.min(figures.size(), from + PER_ROW)));
        }
        return rows;
    }

    /// One thing that needs attention.
    ///
    /// @param state `fail`, `warn` or `info`
    public record Alarm(String text, String href, String state) {
        public String sign() {
            return signOf(state);
        }

        public String colour() {
            return colourOf(state);
        }
    }

    /// A sentence or a name, and where it leads.
    public record Link(String text, String href) {}

    /// @param note null when there is nothing to add
    public record Figure(String label, String value, @Nullable String note) {}

    /// @param contentId of the image in the mail
    /// @param sentence  what it shows, said in the text part too
    /// @param width     as it is shown, in pixels
    public record Picture(String contentId, String sentence, int width, int height) {}

    /// @param note  under the heading; null for none
    /// @param empty said instead of a table without rows
    /// @param more  the rest in the portal; null when this is all
    public record Section(
            String heading,
            @Nullable String note,
            List<Column> columns,
            List<Row> rows,
            String empty,
            @Nullable Link more) {
        public Section {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }

        /// As lines of text, columns aligned.
        public List<String> lines() {
            return TextTable.lines(columns, rows);
        }
    }

    /// @param number right-aligned
    public record Column(String label, boolean number) {}

    /// @param cells one per column
    /// @param state shape in front of the first cell: `ok`, `warn`, `fail`, `unknown`, `na`; null:
    ///     none
    /// @param href  where the first cell leads; null: nowhere
    /// @param note  under the first cell; null: none
    public record Row(
            List<String> cells,
            @Nullable String state,
            @Nullable String href,
            @Nullable String note) {
        public Row {
            cells = List.copyOf(cells);
        }

        /// The shape of the state; empty without one.
        public String sign() {
            return signOf(state);
        }

        public String colour() {
            return colourOf(state);
        }
    }

    /// The shape of a state as a character that every mail program has; empty without one.
    private static String signOf(@Nullable String state) {
        return switch (state == null ? "" : state) {
            case "ok" -> "✓";
            case "warn" -> "!";
            case "fail" -> "✕";
            case "na" -> "–";
            case "info" -> "•";
            case "" -> "";
            default -> "?";
        };
    }

    /// Its colour on white.
    private static String colourOf(@Nullable String state) {
        return switch (state == null ? "" : state) {
            case "ok" -> "#1b7245";
            case "warn" -> "#8a5a00";
            case "fail" -> "#b3261e";
            default -> "#5c6067";
        };
    }
}
