package org.agentaudit.admin;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentaudit.access.AccessAction;
import org.agentaudit.access.AccessLogQuery;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// The filter of the access log as it stands in addresses; empty texts mean nothing.
///
/// @param from first day, in the report time zone
/// @param to   last day, included
public record AccessLogSearch(String user, String action, String target, String from, String to) {

    private static final int LONGEST = 500;
    private static final int FIRST_YEAR = 2000;
    private static final int LAST_YEAR = 2100;

    static AccessLogSearch of(
            @Nullable String user,
            @Nullable String action,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to) {
        return new AccessLogSearch(text(user), text(action), text(target), text(from), text(to));
    }

    public boolean filtered() {
        return !(user + action + target + from + to).isEmpty();
    }

    /// @throws BadInputException when a value cannot be used
    AccessLogQuery query(ZoneId zone, AccessLogQuery.@Nullable Place after, int limit) {
        LocalDate first = day(from);
        LocalDate last = day(to);
        if (first != null && last != null && last.isBefore(first)) {
            throw new BadInputException("The last day must not be before the first.");
        }
        return new AccessLogQuery(
                first == null ? null : start(first, zone),
                last == null ? null : start(last.plusDays(1), zone),
                user.isEmpty() ? null : user,
                chosenAction(),
                target.isEmpty() ? null : target,
                after,
                limit);
    }

    /// The same filter in an address.
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        parameters.put("user", List.of(user));
        parameters.put("action", List.of(action));
        parameters.put("target", List.of(target));
        parameters.put("from", List.of(from));
        parameters.put("to", List.of(to));
        return parameters;
    }

    private @Nullable AccessAction chosenAction() {
        if (action.isEmpty()) {
            return null;
        }
        return Arrays.stream(AccessAction.values())
                .filter(each -> each.name().equals(action))
                .findFirst()
                .orElseThrow(() -> new BadInputException("There is no action of this name."));
    }

    private static @Nullable LocalDate day(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() >= FIRST_YEAR && day.getYear() <= LAST_YEAR) {
                return day;
            }
        } catch (DateTimeException e) {
            throw new BadInputException("A day is written as in 2026-11-21.");
        }
        throw new BadInputException(
                "The day must lie between %d and %d.".formatted(FIRST_YEAR, LAST_YEAR));
    }

    private static Instant start(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    /// Without what PostgreSQL's text cannot hold, so that nothing stored can match it.
    private static String text(@Nullable String value) {
        String text = value == null ? "" : value.strip().replace("\0", "");
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
