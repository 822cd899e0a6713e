package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCsvTest {

    record Report(
            Part part, List<Row> rows, List<String> advice, @Nullable Double change, long events) {}

    record Part(String from, long gaps) {}

    record Row(
            String agentId,
            Double meanMs,
            BigDecimal cost,
            String unit,
            double measured,
            List<Row> parts) {}

    @Test
    void everyValue_hasARowOfSixCells_thatSaysWhereItStands() {
        Row part = new Row("ops/b", 0.5, new BigDecimal("0.0000001"), "levels", 3, List.of());
        Row row = new Row("=ops/a", -1.0, BigDecimal.ONE, "share", 0.25, List.of(part));

        byte[] file =
                DataFormat.CSV.write(
                        new Report(
                                new Part("2026-11-20T00:00:00Z", 2),
                                List.of(row),
                                List.of("-1+1", "two\r\nlines, \"quoted\""),
                                null,
                                1_200_000));
        String text = new String(file, StandardCharsets.UTF_8);

        assertThat(text).startsWith("\uFEFFsection,row,item,name,value,unit\r\n");
        assertThat(cells(text))
                .containsExactly(
                        "report|||part.from|2026-11-20T00:00:00Z|",
                        "report|||part.gaps|2|",
                        "rows|1|'=ops/a|agentId|'=ops/a|",
                        "rows|1|'=ops/a|meanMs|-1.0|ms",
                        "rows|1|'=ops/a|cost|1|USD",
                        "rows|1|'=ops/a|unit|share|",
                        "rows|1|'=ops/a|measured|0.25|share",
                        "rows.parts|1.1|ops/b|agentId|ops/b|",
                        "rows.parts|1.1|ops/b|meanMs|0.5|ms",
                        "rows.parts|1.1|ops/b|cost|0.0000001|USD",
                        "rows.parts|1.1|ops/b|unit|levels|",
                        "rows.parts|1.1|ops/b|measured|3.0|levels",
                        "advice|1||value|'-1+1|",
                        "advice|2||value|two\r\nlines, \"quoted\"|",
                        "report|||change||",
                        "report|||events|1200000|");
    }

    private static List<String> cells(String csv) {
        return CsvReader.builder()
                .detectBomHeader(false)
                .ofNamedCsvRecord(csv.substring(1))
                .stream()
                .map(NamedCsvRecord::getFieldsAsMap)
                .map(Map::values)
                .map(values -> String.join("|", values))
                .toList();
    }
}
