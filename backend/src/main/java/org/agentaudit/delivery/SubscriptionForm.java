package org.agentaudit.delivery;

import io.micronaut.core.annotation.Introspected;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.agentaudit.query.BadInputException;
import org.jspecify.annotations.Nullable;

/// A subscription as its form is posted; boxes that are not ticked are absent.
@Introspected
record SubscriptionForm(
        @Nullable String csrf,
        @Nullable String kind,
        @Nullable String agentId,
        @Nullable String recipients,
        @Nullable String sendAt,
        @Nullable String timeZone,
        @Nullable String day1,
        @Nullable String day2,
        @Nullable String day3,
        @Nullable String day4,
        @Nullable String day5,
        @Nullable String day6,
        @Nullable String day7,
        @Nullable String attachPdf,
        @Nullable String enabled) {

    /// @throws BadInputException when a part is wrong
    SubscriptionInput input() {
        return SubscriptionInput.of(
                reportKind(),
                Arrays.stream(text(recipients).split("[\\s,;]+", -1))
                        .filter(address -> !address.isEmpty())
                        .toList(),
                text(sendAt),
                text(timeZone),
                days(),
                reportKind() == ReportKind.AGENT_AUDIT ? text(agentId) : null,
                attachPdf != null,
                enabled != null);
    }

    /// The first kind when none is said.
    ReportKind reportKind() {
        return Arrays.stream(ReportKind.values())
                .filter(one -> one.name().equals(kind))
                .findFirst()
                .orElse(ReportKind.DAILY_SUMMARY);
    }

    List<Integer> days() {
        List<@Nullable String> boxes = Arrays.asList(day1, day2, day3, day4, day5, day6, day7);
        return IntStream.rangeClosed(1, boxes.size())
                .filter(day -> boxes.get(day - 1) != null)
                .boxed()
                .toList();
    }

    static String text(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
