package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.erdtman.jcs.NumberToJSON;

/// The RFC 8785 form of a JSON value: members sorted by UTF-16 code units, numbers as ECMAScript
/// writes them, no space. Written from the tree that was read anyway; numbers come from the
/// reference implementation.
final class CanonicalJson {
    /// Whole numbers up to here are the same as doubles.
    private static final long EXACT = 1L << 53;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private CanonicalJson() {}

    /// UTF-8 bytes of the canonical form.
    static byte[] bytes(JsonNode value) {
        StringBuilder out = new StringBuilder(512);
        write(value, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> object((ObjectNode) value, out);
            case ARRAY -> {
                out.append('[');
                for (int i = 0; i < value.size(); i++) {
                    if (i > 0) {
                        out.append(',');
                    }
                    write(value.get(i), out);
                }
                out.append(']');
            }
            case STRING -> string(value.textValue(), out);
            case NUMBER -> number(value, out);
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            case MISSING, BINARY, POJO ->
                    throw new IllegalArgumentException("not JSON: " + value.getNodeType());
        }
    }

    private static void object(ObjectNode value, StringBuilder out) {
        String[] names = new String[value.size()];
        int count = 0;
        for (var member : value.properties()) {
            names[count++] = member.getKey();
        }
        Arrays.sort(names);
        out.append('{');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.append(',');
            }
            string(names[i], out);
            out.append(':');
            write(value.get(names[i]), out);
        }
        out.append('}');
    }

    private static void number(JsonNode value, StringBuilder out) {
        if (value.isLong() && Math.abs(value.longValue()) <= EXACT) {
            out.append(value.longValue());
            return;
        }
        try {
            out.append(NumberToJSON.serializeNumber(value.doubleValue()));
        } catch (IOException e) {
            throw new UncheckedIOException("not a finite number: " + value, e);
        }
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\') {
                continue;
            }
            out.append(text, plain, i).append('\\');
            plain = i + 1;
            switch (c) {
                case '"', '\\' -> out.append(c);
                case '\b' -> out.append('b');
                case '\f' -> out.append('f');
                case '\n' -> out.append('n');
                case '\r' -> out.append('r');
                case '\t' -> out.append('t');
                default -> out.append("u00").append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        out.append(text, plain, text.length()).append('"');
    }
}
