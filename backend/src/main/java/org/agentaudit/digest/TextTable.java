package org.agentaudit.digest;

import java.util.ArrayList;
import java.util.List;

/// Tables for people who read mail as text: columns aligned with blanks, the first to the left. One
/// that does not fit beside the others has its values on the line below.
final class TextTable {

    private static final int WIDEST = 34;

    private TextTable() {}

    static List<String> lines(List<Digest.Column> columns, List<Digest.Row> rows) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = length(columns.get(i).label());
            for (Digest.Row row : rows) {
                widths[i] = Math.max(widths[i], length(cell(row, i)));
            }
        }
        widths[0] = Math.min(widths[0], WIDEST);
        List<String> lines = new ArrayList<>();
        if (columns.size() == 1) {
            rows.forEach(row -> lines.add(cell(row, 0)));
            return lines;
        }
        lines.add(line(columns.stream().map(Digest.Column::label).toList(), columns, widths));
        for (Digest.Row row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                cells.add(cell(row, i));
            }
            if (length(cells.getFirst()) > WIDEST) {
                lines.add(cells.getFirst());
                cells.set(0, "");
            }
            lines.add(line(cells, columns, widths));
            if (row.note() != null) {
                lines.add("    " + row.note());
            }
        }
        return lines;
    }

    private static String cell(Digest.Row row, int column) {
        String text = row.cells().get(column);
        return column == 0 && row.state() != null ? row.sign() + " " + text : text;
    }

    private static String line(List<String> cells, List<Digest.Column> columns, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String gap = " ".repeat(Math.max(0, widths[i] - length(cells.get(i))));
            line.append(i == 0 ? "" : "  ");
            line.append(columns.get(i).number() ? gap + cells.get(i) : cells.get(i) + gap);
        }
        return line.toString().stripTrailing();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
