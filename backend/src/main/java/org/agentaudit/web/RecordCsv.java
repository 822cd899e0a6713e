package org.agentaudit.web;

import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A report as CSV with the same six columns whatever the report: one row per value, so that it can
/// be filtered and pivoted, and new members add rows, never columns.
///
/// | column | what |
/// |---|---|
/// | `section` | the list or part of the report, `report` for what stands at its top |
/// | `row` | place in that list from 1; in a list within a row `3.1`; empty outside lists |
/// | `item` | what the row is about, if one of its members says so |
/// | `name` | member of the row, with dots where it lies deeper |
/// | `value` | as in the JSON file; empty when it is null |
/// | `unit` | `ms`, `USD`, `tokens`, `share` (0 to 1) or the unit the report states; else empty |
///
/// The file starts with a byte order mark: spreadsheet programs would take UTF-8 for another
/// encoding without.
final class RecordCsv {

    static final List<String> HEADER = List.of("section", "row", "item", "name", "value", "unit");

    private static final String TOP = "report";

    /// Members that name what an object is about, the first that is there.
    private static final List<String> NAMES =
            List.of(
                    "check",
                    "framework",
                    "control",
                    "agentId",
                    "key",
                    "tool",
                    "eventId",
                    "id",
                    "date",
                    "agents",
                    "suggestion",
                    "text");

    private static final Set<String> IN_UNIT_OF_ROW = Set.of("measured", "warnAt", "failAt");
    private static final Set<String> DOLLARS = Set.of("cost", "total", "estimatedSavings");
    private static final Pattern SHARE =
            Pattern.compile("share|.*Share|.*Rate|cacheRate|comparison\\.\\w+");

    private final CsvWriter csv;

    private RecordCsv(CsvWriter csv) {
        this.csv = csv;
    }

    static byte[] write(JsonNode report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 14);
        try (OutputStreamWriter text = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
            text.write('\uFEFF');
            try (CsvWriter csv = Csv.writer(text)) {
                csv.writeRecord(HEADER);
                new RecordCsv(csv).object(TOP, "", "", "", report, report);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /// @param path of members from the row's object to `node`, ending in a dot unless empty
    /// @param row the object that the row is about
    private void object(
            String section, String number, String item, String path, JsonNode node, JsonNode row) {
        node.properties()
                .forEach(
                        member ->
                                value(
                                        section,
                                        number,
                                        item,
                                        path + member.getKey(),
                                        member.getValue(),
                                        row));
    }

    private void value(
            String section, String number, String item, String name, JsonNode value, JsonNode row) {
        if (value.isObject()) {
            object(section, number, item, name + ".", value, row);
        } else if (value.isArray()) {
            list(section.equals(TOP) ? name : section + "." + name, number, item, value);
        } else {
            csv.writeRecord(
                    section,
                    number,
                    Csv.text(item),
                    Csv.text(name),
                    cell(value),
                    value.isNumber() ? unit(name, row) : "");
        }
    }

    private void list(String section, String above, String itemAbove, JsonNode list) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            String number = (above.isEmpty() ? "" : above + ".") + (i + 1);
            if (element.isObject()) {
                object(section, number, item(element, itemAbove), "", element, element);
            } else {
                value(section, number, itemAbove, "value", element, element);
            }
        }
    }

    private static String item(JsonNode element, String otherwise) {
        for (String name : NAMES) {
            JsonNode found = element.get(name);
            if (found != null && found.isObject()) {
                return item(found, otherwise);
            }
            if (found != null && found.isValueNode() && !found.isNull()) {
                return found.asText();
            }
        }
        return otherwise;
    }

    /// Numbers are written in full, without an exponent.
    private static String cell(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (value.isNumber()) {
            return value.isFloatingPointNumber()
                    ? value.decimalValue().toPlainString()
                    : value.asText();
        }
        return Csv.text(value.asText());
    }

    private static String unit(String name, JsonNode row) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (IN_UNIT_OF_ROW.contains(last) && row.path("unit").isTextual()) {
            return Csv.text(row.path("unit").asText());
        }
        if (last.endsWith("Ms")) {
            return "ms";
        }
        if (SHARE.matcher(name).matches() || SHARE.matcher(last).matches()) {
            return "share";
        }
        if (name.matches("(.*\\.)?tokens(\\.\\w+)?") || last.endsWith("TokensPerSession")) {
            return "tokens";
        }
        return DOLLARS.contains(last) ? "USD" : "";
    }
}
