package org.agentaudit.report;

import java.util.ArrayList;
import java.util.List;
import org.agentaudit.report.pdf.PrintText;
import org.agentaudit.web.Format;
import org.jspecify.annotations.Nullable;

/// A table of a printed report. Long ones are cut and say so.
///
/// @param caption null: the heading above says it
/// @param leftOut what was cut; null when nothing was
public record PrintTable(
        @Nullable String caption,
        List<Column> columns,
        List<List<Cell>> rows,
        @Nullable String leftOut) {

    /// Rows of a table at most: what is beyond is in the attached data.
    static final int MAXIMUM_ROWS = 400;

    private static final int TEXT = 400;

    public PrintTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /// @param width of the table, in percent
    public record Column(String label, int width, boolean number) {
        static Column text(String label, int width) {
            return new Column(label, width, false);
        }

        static Column number(String label, int width) {
            return new Column(label, width, true);
        }

        public String style() {
            return "width: " + width + "%";
        }
    }

    /// @param text as printed
    /// @param detail a second, quieter line; null: none
    /// @param mark shape and colour in front of the text; null: none
    public record Cell(String text, @Nullable String detail, @Nullable PrintMark mark) {
        public Cell {
            text = PrintTable.printable(text);
            detail = detail == null ? null : PrintTable.printable(detail);
        }

        static Cell of(@Nullable String text) {
            return new Cell(text == null ? Format.NO_DATA : text, null, null);
        }

        static Cell of(String text, @Nullable String detail) {
            return new Cell(text, detail, null);
        }

        static Cell of(PrintMark mark) {
            return new Cell(mark.word(), null, mark);
        }
    }

    /// @param rows as many as there are; the first [#MAXIMUM_ROWS] are printed
    static PrintTable of(List<Column> columns, List<List<Cell>> rows, Format format) {
        return of(null, columns, rows, format);
    }

    static PrintTable of(
            @Nullable String caption, List<Column> columns, List<List<Cell>> rows, Format format) {
        int more = rows.size() - MAXIMUM_ROWS;
        return new PrintTable(
                caption,
                columns,
                new ArrayList<>(rows.subList(0, Math.min(rows.size(), MAXIMUM_ROWS))),
                more <= 0
                        ? null
                        : format.count(more, "further row is", "further rows are")
                                + " left out here; the attached data has them all.");
    }

    private static String printable(String text) {
        String printable = PrintText.printable(text, TEXT);
        return printable == null || printable.isEmpty() ? "(empty)" : printable;
    }
}
