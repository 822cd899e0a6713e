package org.agentaudit.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a file into its items without understanding them: lines, the elements of one JSON array, or
/// JSON values one after the other. Holds one batch at a time. What is no JSON comes out as an item
/// too and is refused later, one by one.
final class ItemSplitter {
    /// How a file holds its items.
    enum Layout {
        LINES,
        ARRAY,
        VALUES
    }

    private static final int MAX_ITEMS = 2_000;
    private static final int MAX_BYTES = 4 << 20;
    private static final int BUFFER = 1 << 16;
    /// Stands for a raw line break inside a JSON text: not allowed there, and still not once items
    /// are lines.
    private static final int ILLEGAL = 1;

    private final InputStream in;
    private final Layout layout;
    private final int maxItem;
    private final byte[] buffer = new byte[BUFFER];
    private int filled;
    private int read;

    private final ByteArrayOutputStream batch = new ByteArrayOutputStream(BUFFER);
    private long[] numbers = new long[MAX_ITEMS];
    private int items;

    private long line = 1;
    private long itemLine;
    private int itemStart;
    private int depth;
    private boolean inText;
    private boolean escaped;
    private boolean opened;
    private boolean closed;
    private boolean afterComma;

    /// Items as lines.
    ///
    /// @param numbers where each item starts in the file, from 1
    @SuppressWarnings("ArrayRecordComponent") // made for one batch, never compared
    record Batch(byte[] lines, long[] numbers) {}

    /// @param maxItem longer items are cut, and so refused
    ItemSplitter(InputStream in, Layout layout, int maxItem) {
        this.in = in;
        this.layout = layout;
        this.maxItem = maxItem;
    }

    /// Number of the line being read, from 1.
    long line() {
        return line;
    }

    /// The next items; null at the end of the file.
    ///
    /// @throws IOException when the file cannot be read further; what was read before is in the
    ///         batch that [#rest] gives
    @Nullable Batch next() throws IOException {
        while (items < MAX_ITEMS && (items == 0 || batch.size() < MAX_BYTES)) {
            if (read == filled) {
                filled = in.read(buffer);
                read = 0;
                if (filled < 0) {
                    filled = 0;
                    end();
                    return items == 0 ? null : take();
                }
            }
            take(buffer[read++]);
        }
        return take();
    }

    /// What was read before the file broke off; null when that was nothing.
    @Nullable Batch rest() {
        end();
        return items == 0 ? null : take();
    }

    private void take(byte b) {
        if (layout == Layout.LINES) {
            if (b == '\n') {
                finish();
                line++;
            } else {
                add(b);
            }
            return;
        }
        if (inText) {
            add(b == '\n' ? ILLEGAL : b);
            if (escaped) {
                escaped = false;
            } else if (b == '\\') {
                escaped = true;
            } else if (b == '"') {
                inText = false;
            }
        } else {
            structure(b);
        }
        if (b == '\n') {
            line++;
        }
    }

    private void structure(byte b) {
        boolean array = layout == Layout.ARRAY && !closed;
        switch (b) {
            case '{', '[' -> {
                if (array && !opened) {
                    opened = true;
                } else {
                    depth++;
                    add(b);
                }
            }
            case '}', ']' -> {
                if (array && depth == 0 && b == ']') {
                    finishElement();
                    closed = true;
                    return;
                }
                add(b);
                depth = Math.max(0, depth - 1);
                if (depth == 0 && layout == Layout.VALUES) {
                    finish();
                }
            }
            case ',' -> {
                if (array && depth == 0) {
                    finishElement();
                    afterComma = true;
                } else {
                    add(b);
                }
            }
            case '"' -> {
                inText = true;
                add(b);
            }
            case '\n' -> add(' ');
            default -> add(b);
        }
    }

    /// Ends an element of the array; nothing between two commas is an item that will be refused.
    private void finishElement() {
        if (itemLine == 0 && (afterComma || !closedByEmptyArray())) {
            add(',');
        }
        finish();
        afterComma = false;
    }

    private boolean closedByEmptyArray() {
        return buffer[read - 1] == ']';
    }

    private void add(int b) {
        if (itemLine == 0) {
            if (b == ' ' || b == '\t' || b == '\r') {
                return;
            }
            itemLine = line;
            itemStart = batch.size();
        }
        if (batch.size() - itemStart < maxItem) {
            batch.write(b);
        }
    }

    private void finish() {
        if (itemLine == 0) {
            return;
        }
        batch.write('\n');
        if (items == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * numbers.length);
        }
        numbers[items++] = itemLine;
        itemLine = 0;
    }

    private void end() {
        if (layout == Layout.ARRAY && opened && !closed && itemLine == 0) {
            add('['); // an array that breaks off between its elements is one thing to refuse
        }
        closed = true;
        finish();
    }

    /// A batch that ends within an item keeps that item for the next one.
    private Batch take() {
        byte[] all = batch.toByteArray();
        batch.reset();
        int whole = all.length;
        if (itemLine != 0) {
            whole = itemStart;
            batch.write(all, itemStart, all.length - itemStart);
            itemStart = 0;
        }
        Batch taken =
                new Batch(
                        whole == all.length ? all : Arrays.copyOf(all, whole),
                        Arrays.copyOf(numbers, items));
        items = 0;
        return taken;
    }
}
