package org.agentaudit.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells from the start of a file that it cannot hold one item a line, so that it is refused once
/// and not line by line.
final class FileContent {
    private static final int LOOKED_AT = 1 << 16;

    private static final List<Packing> PACKINGS =
            List.of(
                    new Packing("xz", false, 0xFD, '7', 'z', 'X', 'Z', 0),
                    new Packing("bzip2", false, 'B', 'Z', 'h'),
                    new Packing("zip", false, 'P', 'K', 3, 4),
                    new Packing("zip", false, 'P', 'K', 5, 6),
                    new Packing("7z", false, '7', 'z', 0xBC, 0xAF),
                    new Packing(".gz", true, 0x1F, 0x8B),
                    new Packing(".zst", true, 0x28, 0xB5, 0x2F, 0xFD));

    private FileContent() {}

    /// @param taken the portal unpacks it when the file's name ends in `name`
    /// @param start the first bytes
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Packing(String name, boolean taken, int... start) {
        boolean starts(byte[] head, int length) {
            if (length < start.length) {
                return false;
            }
            for (int i = 0; i < start.length; i++) {
                if ((head[i] & 0xFF) != start[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Why the file cannot be read, and what to do; null when it may well be.
    ///
    /// @param in    unpacked as its name says; can be marked, stays where it is
    /// @param lines one item a line is expected
    static @Nullable String fault(InputStream in, boolean lines) throws IOException {
        byte[] head = new byte[LOOKED_AT];
        in.mark(LOOKED_AT);
        // One read: a second one may fail in a truncated file, whose first lines are good.
        int length = in.read(head);
        in.reset();
        for (Packing packing : PACKINGS) {
            if (packing.starts(head, length)) {
                return packing.taken
                        ? "the file is packed and its name does not say so: name it " + packing.name
                        : "the file is packed with "
                                + packing.name
                                + ", which is not read: unpack it first (.gz and .zst are read)";
            }
        }
        int first = blanks(head, 0, length);
        boolean json = first < length && (head[first] == '{' || head[first] == '[');
        if (json ? first + 1 < length && head[first + 1] == 0 : holdsZero(head, length)) {
            return "the file is binary or no UTF-8 text: JSON in UTF-8 is read";
        }
        return lines && json && isDocument(head, first, length)
                ? "the file is one JSON document over several lines: name it .json"
                : null;
    }

    /// The first line ends in the middle of a value, and the second goes on with it.
    private static boolean isDocument(byte[] head, int first, int length) {
        int depth = 0;
        boolean inText = false;
        byte last = 0;
        for (int i = first; i < length; i++) {
            byte b = head[i];
            if (b == '\n') {
                int next = blanks(head, i, length);
                // A line that was cut off is followed by another one.
                boolean goesOn =
                        next < length && (head[next] != '{' || last == '[' || head[first] == '[');
                return depth > 0 && !inText && goesOn && "{[,:".indexOf(last) >= 0;
            }
            if (inText) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    inText = false;
                }
            } else if (b == '"') {
                inText = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
            if (b != ' ' && b != '\t' && b != '\r') {
                last = b;
            }
        }
        return false;
    }

    private static int blanks(byte[] head, int from, int length) {
        int i = from;
        while (i < length
                && (head[i] == ' ' || head[i] == '\t' || head[i] == '\r' || head[i] == '\n')) {
            i++;
        }
        return i;
    }

    private static boolean holdsZero(byte[] head, int length) {
        for (int i = 0; i < length; i++) {
            if (head[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
