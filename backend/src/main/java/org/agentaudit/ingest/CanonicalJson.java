package org.agentaudit.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agentaudit.proof.JsonText;

/// The RFC 8785 form of a JSON value: members sorted by UTF-16 code units, numbers as ECMAScript
/// writes them, no space. Written from the tree that was read anyway.
final class CanonicalJson {
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
            case STRING -> JsonText.string(value.textValue(), out);
            case NUMBER -> JsonText.number(value.doubleValue(), out);
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
            JsonText.string(names[i], out);
            out.append(':');
            write(value.get(names[i]), out);
        }
        out.append('}');
    }
}
