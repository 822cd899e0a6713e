package org.agentaudit.store;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Rows in the text format of PostgreSQL's COPY (PostgreSQL documentation, COPY, "Text Format").
final class CopyText {

    private final StringBuilder text = new StringBuilder(1 << 16);
    private boolean rowOpen;

    CopyText add(@Nullable Object value) {
        if (rowOpen) {
            text.append('\t');
        }
        rowOpen = true;
        if (value == null) {
            text.append("\\N");
        } else {
            escape(value.toString());
        }
        return this;
    }

    void endRow() {
        text.append('\n');
        rowOpen = false;
    }

    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c);
            }
        }
    }
}
