package org.agentaudit.ingest;

/// Checks that bytes are well-formed UTF-8 (RFC 3629): the JSON reader takes overlong forms and
/// surrogates as they come.
final class Utf8 {
    private Utf8() {}

    /// Index of the first byte that is not UTF-8, or is a NUL byte; -1 when there is none.
    static int firstFault(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            int lead = bytes[i];
            if (lead > 0) {
                i++;
                continue;
            }
            int length = length(lead & 0xFF);
            if (length == 0 || i + length > to || !isSequence(bytes, i, length)) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    /// Bytes of a sequence by its first byte; 0 for a byte that starts none.
    private static int length(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 2;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 3;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
    }

    private static boolean isSequence(byte[] bytes, int at, int length) {
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return false;
            }
        }
        int lead = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        return switch (lead) {
            case 0xE0 -> second >= 0xA0;
            case 0xED -> second <= 0x9F;
            case 0xF0 -> second >= 0x90;
            case 0xF4 -> second <= 0x8F;
            default -> true;
        };
    }
}
