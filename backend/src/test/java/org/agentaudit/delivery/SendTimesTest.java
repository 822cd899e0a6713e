package org.agentaudit.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SendTimesTest {

    private static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
    private static final List<Integer> EVERY_DAY = List.of(1, 2, 3, 4, 5, 6, 7);

    private static ReportSubscription subscription(
            ReportKind kind, String at, ZoneId zone, List<Integer> days) {
        return new ReportSubscription(
                1,
                "olga",
                kind,
                List.of("ann@example.org"),
                LocalTime.parse(at),
                zone,
                days,
                null,
                false,
                true,
                null);
    }

    /// Every time to send in a period, as a portal that looks every minute finds it.
    private static List<SendTimes.SendTime> minuteByMinute(
            ReportSubscription subscription, ZoneId reportZone, String from, String to) {
        List<SendTimes.SendTime> all = new ArrayList<>();
        Instant until = Instant.parse(from);
        for (Instant now = until; !now.isAfter(Instant.parse(to)); now = now.plusSeconds(60)) {
            List<SendTimes.SendTime> due = SendTimes.due(subscription, reportZone, until, now);
            all.addAll(due);
            if (!due.isEmpty()) {
                until = due.getLast().at();
            }
        }
        return all;
    }

    private static List<String> instants(List<SendTimes.SendTime> times) {
        return times.stream().map(time -> time.at().toString()).toList();
    }

    @Test
    void dayOf23Hours_timeThatDoesNotExist_isAnHourLater_once() {
        ReportSubscription daily =
                subscription(ReportKind.DAILY_SUMMARY, "02:30", ZURICH, EVERY_DAY);
        assertThat(minuteByMinute(daily, ZURICH, "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"))
                .containsExactly(
                        time("2026-03-28T01:30:00Z", "2026-03-27"),
                        time("2026-03-29T01:30:00Z", "2026-03-28"), // 03:30 in Zurich
                        time("2026-03-30T00:30:00Z", "2026-03-29"));
    }

    @Test
    void dayOf25Hours_timeThatExistsTwice_isTheFirst_once() {
        ReportSubscription daily =
                subscription(ReportKind.DAILY_SUMMARY, "02:30", ZURICH, EVERY_DAY);
        assertThat(minuteByMinute(daily, ZURICH, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"))
                .containsExactly(
                        time("2026-10-25T00:30:00Z", "2026-10-24"),
                        time("2026-10-26T01:30:00Z", "2026-10-25"));
    }

    /// The report's zone knows no daylight saving, so one local morning lies on another side of its
    /// midnight than the next.
    @Test
    void everyReportDay_isToldOnce_whereZonesDiffer() {
        for (String at : List.of("00:30", "01:30", "02:00", "23:30", "12:00")) {
            ReportSubscription daily =
                    subscription(ReportKind.DAILY_SUMMARY, at, ZURICH, EVERY_DAY);
            for (String month : List.of("2026-03-2", "2026-10-2")) {
                List<LocalDate> told =
                        minuteByMinute(
                                        daily,
                                        ZoneOffset.UTC,
                                        month + "2T12:00:00Z",
                                        month + "8T12:00:00Z")
                                .stream()
                                .flatMap(time -> time.forDates().stream())
                                .toList();
                assertThat(told)
                        .as(at + " " + month)
                        .containsExactlyElementsOf(
                                told.getFirst().datesUntil(told.getLast().plusDays(1)).toList());
            }
        }
    }

    @Test
    void weekdays_areThoseOfTheSubscribersZone() {
        ZoneId auckland = ZoneId.of("Pacific/Auckland");
        ReportSubscription mondays =
                subscription(ReportKind.COMPLIANCE, "08:00", auckland, List.of(1));
        assertThat(
                        instants(
                                minuteByMinute(
                                        mondays,
                                        ZoneOffset.UTC,
                                        "2026-11-20T00:00:00Z",
                                        "2026-11-25T00:00:00Z")))
                .containsExactly("2026-11-22T19:00:00Z"); // Monday 08:00 there
        assertThat(SendTimes.next(mondays, Instant.parse("2026-11-22T19:00:00Z")))
                .isEqualTo("2026-11-29T19:00:00Z");
    }

    @Test
    void missedTimes_areMadeUp_dailyEachOfSevenDays_othersOnce() {
        Instant until = Instant.parse("2026-11-01T07:00:00Z");
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        List<SendTimes.SendTime> daily =
                SendTimes.due(
                        subscription(ReportKind.DAILY_SUMMARY, "07:00", ZoneOffset.UTC, EVERY_DAY),
                        ZoneOffset.UTC,
                        until,
                        now);
        assertThat(daily).hasSize(8).last().isEqualTo(time("2026-11-21T07:00:00Z", "2026-11-20"));
        assertThat(
                        SendTimes.due(
                                subscription(
                                        ReportKind.COMPLIANCE, "07:00", ZoneOffset.UTC, EVERY_DAY),
                                ZoneOffset.UTC,
                                until,
                                now))
                .containsExactly(time("2026-11-21T07:00:00Z", "2026-11-20"));
        assertThat(
                        SendTimes.due(
                                subscription(
                                        ReportKind.COMPLIANCE, "07:00", ZoneOffset.UTC, EVERY_DAY),
                                ZoneOffset.UTC,
                                Instant.parse("2026-11-21T07:00:00Z"),
                                now))
                .isEmpty();
    }

    private static SendTimes.SendTime time(String at, String day) {
        return new SendTimes.SendTime(Instant.parse(at), List.of(LocalDate.parse(day)));
    }
}
