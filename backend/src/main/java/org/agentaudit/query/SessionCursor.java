package org.agentaudit.query;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// Place of a session in a list: the value it is ordered by, then its id. Opaque outside; the text
/// form is versioned and bounded, and good for one order only.
///
/// @param value microseconds since 1970 of its start, microseconds it took, tokens or errors
record SessionCursor(SessionOrder order, BigInteger value, String sessionId) {

    private static final String VERSION = "1";

    /// Ids have at most 512 bytes.
    private static final int MAXIMUM_LENGTH = 1_000;

    private static final int MAXIMUM_DIGITS = 40;

    String encode() {
        String text =
                VERSION
                        + ":"
                        + order.name().toLowerCase(Locale.ROOT)
                        + ":"
                        + value
                        + ":"
                        + sessionId;
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @throws BadInputException when the text was not made by `encode` for this order
    static SessionCursor decode(String text, SessionOrder order) {
        if (text.length() > MAXIMUM_LENGTH) {
            throw Cursor.malformed();
        }
        try {
            String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            String[] parts = plain.split(":", 4);
            if (parts.length == 4
                    && parts[0].equals(VERSION)
                    && parts[1].equals(order.name().toLowerCase(Locale.ROOT))
                    && parts[2].length() <= MAXIMUM_DIGITS
                    && parts[3].indexOf('\0') < 0) {
                return new SessionCursor(order, new BigInteger(parts[2]), parts[3]);
            }
        } catch (IllegalArgumentException e) {
            throw Cursor.malformed();
        }
        throw Cursor.malformed();
    }
}
