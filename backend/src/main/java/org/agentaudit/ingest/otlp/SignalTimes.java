package org.agentaudit.ingest.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.agentaudit.ingest.normal.Amounts;
import org.agentaudit.ingest.normal.EventTimes;
import org.agentaudit.ingest.normal.RejectedException;
import org.jspecify.annotations.Nullable;

/// Times of signals: nanoseconds since 1970 in OTLP, anything readable in what tools store.
final class SignalTimes {
    private static final BigDecimal NANOS_PER_MILLI = new BigDecimal(1_000_000);
    /// Smaller numbers of nanoseconds lie before 1973 and would be taken for another unit.
    private static final BigDecimal SMALLEST = new BigDecimal("1e17");

    private SignalTimes() {}

    /// The first of the members that states a time; null when none does.
    ///
    /// @throws RejectedException when it is no time an event may have
    static @Nullable Instant first(ObjectNode tree, Instant now, String... names) {
        for (String name : names) {
            JsonNode value = tree.get(name);
            if (value != null) {
                return EventTimes.checked(read(tree, value), now);
            }
        }
        return null;
    }

    private static Instant read(ObjectNode tree, JsonNode value) {
        if (value.isTextual()) {
            return EventTimes.ofText(value.textValue());
        }
        if (!value.isNumber()) {
            throw new RejectedException("a time must be text or a number");
        }
        BigDecimal number = value.decimalValue();
        if (!tree.has(SignalTree.FROM) && number.compareTo(SMALLEST) < 0) {
            return Instant.ofEpochSecond(number.movePointLeft(9).longValue());
        }
        return EventTimes.ofNumber(number);
    }

    /// Milliseconds from start to end; null when one is missing or the end lies before the start.
    static @Nullable Double duration(ObjectNode span) {
        JsonNode start = span.get("startTimeUnixNano");
        JsonNode end = span.get("endTimeUnixNano");
        if (start == null || end == null) {
            return null;
        }
        double millis;
        try {
            millis =
                    start.isNumber() && end.isNumber()
                            ? end.decimalValue()
                                    .subtract(start.decimalValue())
                                    .divide(NANOS_PER_MILLI)
                                    .doubleValue()
                            : Duration.between(read(span, start), read(span, end)).toNanos() / 1e6;
        } catch (RejectedException | ArithmeticException e) {
            return null; // an end that is no time: kept with what has no place
        }
        return Amounts.durationMs(millis);
    }
}
