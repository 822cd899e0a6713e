package org.agentaudit.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values in the binary format that PostgreSQL's types receive (PostgreSQL source, the `…recv`
/// functions): a length in bytes, -1 for null, then the value. Each method names the type it
/// writes; a value written as another type than its column's is stored wrongly or refused.
final class PgBinary {
    private static final int NULL = -1;
    private static final long EPOCH_2000_SECONDS = 946_684_800;
    private static final long MICROS = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final short NEGATIVE = 0x4000;
    private static final int GROUP_DIGITS = 4;

    private byte[] bytes;
    private int size;

    PgBinary(int expected) {
        bytes = new byte[expected];
    }

    /// `text` and its like.
    void text(@Nullable String value) {
        bytea(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    void bytea(byte @Nullable [] value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(value.length);
        raw(value);
    }

    void uuid(@Nullable UUID value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(2 * Long.BYTES);
        int8(value.getMostSignificantBits());
        int8(value.getLeastSignificantBits());
    }

    /// `timestamptz`, cut to microseconds.
    void timestamp(@Nullable Instant value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(Long.BYTES);
        int8(
                (value.getEpochSecond() - EPOCH_2000_SECONDS) * MICROS
                        + value.getNano() / NANOS_PER_MICRO);
    }

    void bigint(@Nullable Long value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(Long.BYTES);
        int8(value);
    }

    void integer(@Nullable Integer value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(Integer.BYTES);
        int4(value);
    }

    void smallint(int value) {
        int4(Short.BYTES);
        int2(value);
    }

    void doublePrecision(@Nullable Double value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(Double.BYTES);
        int8(Double.doubleToLongBits(value));
    }

    void bool(@Nullable Boolean value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        int4(1);
        room(1);
        bytes[size++] = (byte) (value ? 1 : 0);
    }

    /// `numeric`: digits in groups of four from the decimal point in both directions.
    void numeric(@Nullable BigDecimal value) {
        if (value == null) {
            int4(NULL);
            return;
        }
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        int scale = plain.scale();
        int groupsBehind = (scale + GROUP_DIGITS - 1) / GROUP_DIGITS;
        BigInteger digits =
                plain.unscaledValue()
                        .abs()
                        .multiply(BigInteger.TEN.pow(groupsBehind * GROUP_DIGITS - scale));
        String text = digits.toString();
        text = "0".repeat(Math.floorMod(-text.length(), GROUP_DIGITS)) + text;
        int groups = digits.signum() == 0 ? 0 : text.length() / GROUP_DIGITS;
        int4((4 + groups) * Short.BYTES);
        int2(groups);
        int2(groups == 0 ? 0 : groups - 1 - groupsBehind);
        int2(plain.signum() < 0 ? NEGATIVE : 0);
        int2(scale);
        for (int i = 0; i < groups; i++) {
            int2(Integer.parseInt(text, i * GROUP_DIGITS, (i + 1) * GROUP_DIGITS, 10));
        }
    }

    /// `tsvector` without positions.
    ///
    /// @param words distinct; sorted words spare PostgreSQL the sorting
    void tsvector(List<String> words) {
        int length = size;
        int4(0);
        int4(words.size());
        for (String word : words) {
            raw(word.getBytes(StandardCharsets.UTF_8));
            room(1);
            bytes[size++] = 0;
            int2(0);
        }
        int4At(length, size - length - Integer.BYTES);
    }

    void int2(int value) {
        room(Short.BYTES);
        bytes[size] = (byte) (value >> 8);
        bytes[size + 1] = (byte) value;
        size += Short.BYTES;
    }

    void int4(int value) {
        room(Integer.BYTES);
        size += Integer.BYTES;
        int4At(size - Integer.BYTES, value);
    }

    void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    /// Writes over two bytes that were written before.
    void int2At(int at, int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
    }

    /// Writes over four bytes that were written before.
    void int4At(int at, int value) {
        int2At(at, value >> 16);
        int2At(at + Short.BYTES, value);
    }

    /// What was written; a copy.
    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /// What was written, without copying: of this array the first [#size] bytes.
    byte[] buffer() {
        return bytes;
    }

    private void int8(long value) {
        int4((int) (value >> 32));
        int4((int) value);
    }

    private void room(int needed) {
        if (size + needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + needed, 2 * bytes.length));
        }
    }
}
