package org.agentaudit.query;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.agentaudit.event.Envelope;

/// Place in a list that is ordered by time, then by a number that is given once: of an event by
/// `occurredAt` and arrival. Opaque outside; the text form is versioned and bounded.
public record Cursor(Instant occurredAt, long arrival) {

    private static final String VERSION = "1";
    private static final int MAXIMUM_LENGTH = 100;

    static Cursor of(Envelope event) {
        return new Cursor(event.occurredAt(), event.arrival());
    }

    public String encode() {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, occurredAt);
        String text = VERSION + ":" + micros + ":" + arrival;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// @throws BadInputException when the text was not made by `encode`
    public static Cursor decode(String text) {
        if (text.length() <= MAXIMUM_LENGTH) {
            try {
                String plain =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
                String[] parts = plain.split(":", -1);
                if (parts.length == 3 && parts[0].equals(VERSION)) {
                    return new Cursor(
                            Instant.EPOCH.plus(Long.parseLong(parts[1]), ChronoUnit.MICROS),
                            Long.parseLong(parts[2]));
                }
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                throw malformed();
            }
        }
        throw malformed();
    }

    static BadInputException malformed() {
        return new BadInputException(
                "The cursor is not one of this list: use 'startCursor' or 'endCursor' of an earlier page.");
    }
}
