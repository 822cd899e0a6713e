package org.agentaudit.export;

import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.web.Csv;
import org.jspecify.annotations.Nullable;

/// Events as bytes of a file.
final class EventEncoder {

    private EventEncoder() {}

    /// @param expiry the day an event's tier lets it go; null under a legal hold
    /// @param first  whether these are the first events of the file
    static byte[] encode(
            List<AuditEvent> events,
            ExportFormat format,
            Function<Envelope, @Nullable LocalDate> expiry,
            boolean first) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try {
            if (format == ExportFormat.CSV) {
                csv(events, expiry, first, out);
            } else {
                json(events, format, expiry, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void csv(
            List<AuditEvent> events,
            Function<Envelope, @Nullable LocalDate> expiry,
            boolean first,
            ByteArrayOutputStream out)
            throws IOException {
        try (CsvWriter csv = Csv.writer(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            if (first) {
                csv.writeRecord(EventCsv.HEADER);
            }
            for (AuditEvent event : events) {
                EventCsv.row(event, expiry.apply(event.envelope()), csv);
            }
        }
    }

    private static void json(
            List<AuditEvent> events,
            ExportFormat format,
            Function<Envelope, @Nullable LocalDate> expiry,
            ByteArrayOutputStream out)
            throws IOException {
        try (JsonGenerator json = EventJson.generator(out)) {
            for (AuditEvent event : events) {
                if (format == ExportFormat.JSONL) {
                    EventJson.line(event, expiry.apply(event.envelope()), json);
                } else {
                    EventOcsf.line(event, json);
                }
            }
        }
    }
}
