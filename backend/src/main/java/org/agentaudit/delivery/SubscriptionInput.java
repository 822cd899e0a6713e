package org.agentaudit.delivery;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// What a subscription is to be, checked.
public record SubscriptionInput(
        ReportKind kind,
        List<String> recipients,
        LocalTime sendAt,
        ZoneId timeZone,
        List<Integer> days,
        @Nullable String agentId,
        boolean attachPdf,
        boolean enabled) {

    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final int MAXIMUM_ZONE = 100;
    private static final int MAXIMUM_AGENT_ID = 1_000;
    private static final int WEEK = 7;

    /// @throws BadInputException when a part is wrong; the message says what to change
    public static SubscriptionInput of(
            ReportKind kind,
            List<String> recipients,
            String sendAt,
            String timeZone,
            List<Integer> days,
            @Nullable String agentId,
            boolean attachPdf,
            boolean enabled) {
        if (!TIME.matcher(sendAt).matches()) {
            throw new BadInputException("'sendAt' must be a time as HH:MM, for instance 07:30.");
        }
        if (days.isEmpty() || days.stream().anyMatch(day -> day < 1 || day > WEEK)) {
            throw new BadInputException(
                    "'days' must hold weekdays from 1 (Monday) to 7 (Sunday), at least one.");
        }
        return new SubscriptionInput(
                kind,
                MailAddresses.valid(recipients),
                LocalTime.parse(sendAt),
                zone(timeZone),
                days.stream().distinct().sorted().toList(),
                agent(kind, agentId),
                attachPdf,
                enabled);
    }

    private static ZoneId zone(String id) {
        try {
            if (id.length() <= MAXIMUM_ZONE) {
                return ZoneId.of(id);
            }
        } catch (DateTimeException e) {
            throw noZone();
        }
        throw noZone();
    }

    private static BadInputException noZone() {
        return new BadInputException(
                "'timeZone' must be a time zone id, for instance Europe/Zurich or UTC.");
    }

    private static @Nullable String agent(ReportKind kind, @Nullable String agentId) {
        if (agentId == null || agentId.isBlank()) {
            if (kind == ReportKind.AGENT_AUDIT) {
                throw new BadInputException(
                        "'agentId' must say which agent an AGENT_AUDIT is about.");
            }
            return null;
        }
        if (kind != ReportKind.AGENT_AUDIT) {
            throw new BadInputException("'agentId' belongs to the kind AGENT_AUDIT only.");
        }
        if (agentId.length() > MAXIMUM_AGENT_ID) {
            throw new BadInputException(
                    "'agentId' has more than %,d characters.".formatted(MAXIMUM_AGENT_ID));
        }
        return agentId;
    }
}
