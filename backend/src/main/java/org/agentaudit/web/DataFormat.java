package org.agentaudit.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.micronaut.http.MediaType;
import java.util.Locale;
import java.util.Map;

/// What a report's data can be downloaded as. Both are written from the record that GraphQL
/// answers, so they say the same.
public enum DataFormat {

    /// Times as ISO 8601, nothing left out, indented.
    JSON(MediaType.APPLICATION_JSON_TYPE) {
        @Override
        public byte[] write(Object record) {
            try {
                return MAPPER.writeValueAsBytes(record);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("a report is made of plain values", e);
            }
        }
    },

    /// One value of the record per row, see [RecordCsv].
    CSV(new MediaType("text/csv", Map.of("charset", "utf-8", "header", "present"))) {
        @Override
        public byte[] write(Object record) {
            return RecordCsv.write(MAPPER.valueToTree(record));
        }
    };

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .addModule(new Jdk8Module())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build();

    private final MediaType mediaType;

    DataFormat(MediaType mediaType) {
        this.mediaType = mediaType;
    }

    /// The record as a file, UTF-8.
    ///
    /// @param record of plain values, already as its reader may see it
    public abstract byte[] write(Object record);

    public MediaType mediaType() {
        return mediaType;
    }

    /// Of the file's name: `json` or `csv`.
    public String ending() {
        return name().toLowerCase(Locale.ROOT);
    }
}
