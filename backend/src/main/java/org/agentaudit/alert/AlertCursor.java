package org.agentaudit.alert;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.agentaudit.query.BadInputException;

/// Place of an alert in the order by time of firing, then number. Opaque outside, versioned and
/// bounded.
record AlertCursor(Instant firedAt, long id) {

    private static final String VERSION = "alert1";
    private static final int LONGEST = 100;

    String encode() {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, firedAt);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        (VERSION + ":" + micros + ":" + id).getBytes(StandardCharsets.US_ASCII));
    }

    /// @throws BadInputException when the text was not made by `encode`
    static AlertCursor decode(String text) {
        if (text.length() <= LONGEST) {
            try {
                String plain =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
                String[] parts = plain.split(":", -1);
                if (parts.length == 3 && parts[0].equals(VERSION)) {
                    Instant firedAt =
                            Instant.EPOCH.plus(Long.parseLong(parts[1]), ChronoUnit.MICROS);
                    if (firedAt.isAfter(Instant.EPOCH)
                            && firedAt.isBefore(Instant.parse("9999-12-31T00:00:00Z"))) {
                        return new AlertCursor(firedAt, Long.parseLong(parts[2]));
                    }
                }
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
                throw malformed();
            }
        }
        throw malformed();
    }

    private static BadInputException malformed() {
        return new BadInputException(
                "The cursor is not one of this list: use 'endCursor' of an earlier page.");
    }
}
