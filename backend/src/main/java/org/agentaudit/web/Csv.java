package org.agentaudit.web;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/// How every CSV file of the portal is written: RFC 4180, and no cell that a spreadsheet program
/// would run as a formula.
public final class Csv {

    private Csv() {}

    /// A writer of rows that end in CR LF.
    public static CsvWriter writer(Writer out) {
        return CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(out);
    }

    /// A text as a cell: empty when it is absent, with an apostrophe in front of what a spreadsheet
    /// program would take for a formula. Numbers, times and names of ours need none.
    public static String text(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "";
        }
        return switch (value.charAt(0)) {
            case '=', '+', '-', '@', '\t', '\r', '\n' -> "'" + value;
            default -> value;
        };
    }
}
