package org.agentaudit.alert;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import org.agentaudit.query.BadInputException;

/// The window of a rule and the times that follow from it.
///
/// @param text   ISO 8601, as it was given
/// @param length 1 minute to 30 days, whole seconds
record AlertWindow(String text, Duration length) {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int LONGEST_TEXT = 40;
    private static final int EVALUATIONS = 60;
    private static final Duration RAREST = Duration.ofMinutes(15);
    private static final int CALM_PART = 10;
    private static final Duration LONGEST_CALM = Duration.ofHours(1);

    /// @param text an ISO 8601 duration of days and time such as `PT15M`, or, as the log's own
    ///     document writes them, `15m`, `1h`, `7d`
    /// @throws BadInputException when it is none or out of bounds
    static AlertWindow of(String text) {
        String iso = text.strip().toUpperCase(Locale.ROOT);
        if (iso.matches("\\d{1,6}D")) {
            iso = "P" + iso;
        } else if (iso.matches("\\d{1,6}[SMH]")) {
            iso = "PT" + iso;
        }
        Duration length;
        try {
            length = iso.length() <= LONGEST_TEXT ? Duration.parse(iso) : Duration.ZERO;
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong();
        }
        if (length.compareTo(SHORTEST) < 0
                || length.compareTo(LONGEST) > 0
                || length.getNano() != 0) {
            throw wrong();
        }
        return new AlertWindow(iso, length);
    }

    private static BadInputException wrong() {
        return new BadInputException(
                "'window' must be an ISO 8601 duration of PT1M to P30D, for instance PT15M.");
    }

    /// From one evaluation to the next: a sixtieth of the window, at least `every` and at most a
    /// quarter of an hour (or `every`, when that is longer).
    Duration interval(Duration every) {
        Duration part = length.dividedBy(EVALUATIONS);
        Duration rarest = every.compareTo(RAREST) > 0 ? every : RAREST;
        Duration interval = part.compareTo(every) < 0 ? every : part;
        return interval.compareTo(rarest) > 0 ? rarest : interval;
    }

    /// An alert is over when the condition has been false for so long: a tenth of the window, at
    /// least a minute and at most an hour.
    Duration calm() {
        Duration part = length.dividedBy(CALM_PART);
        Duration calm = part.compareTo(SHORTEST) < 0 ? SHORTEST : part;
        return calm.compareTo(LONGEST_CALM) > 0 ? LONGEST_CALM : calm;
    }
}
