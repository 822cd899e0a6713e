package org.agentaudit.dashboard;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agentaudit.access.Viewer;
import org.agentaudit.alert.Alert;
import org.agentaudit.alert.AlertState;
import org.agentaudit.alert.Alerts;
import org.agentaudit.analysis.Severity;
import org.agentaudit.chart.Axis;
import org.agentaudit.chart.Chart;
import org.agentaudit.chart.Hue;
import org.agentaudit.chart.Kind;
import org.agentaudit.chart.Point;
import org.agentaudit.chart.Series;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventFilter;
import org.agentaudit.incident.Incident;
import org.agentaudit.incident.IncidentStatus;
import org.agentaudit.incident.Incidents;
import org.agentaudit.query.Activity;
import org.agentaudit.query.EventOrder;
import org.agentaudit.query.EventQuery;
import org.agentaudit.query.Page;
import org.agentaudit.query.PageRequest;
import org.agentaudit.web.Format;
import org.agentaudit.web.Links;
import org.jspecify.annotations.Nullable;

/// Puts together the [LivePage].
@Singleton
class LiveActivity {

    private static final int MINUTES = 60;
    private static final int FEED = 20;
    private static final int LISTED = 5;
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final EventQuery events;
    private final Alerts alerts;
    private final Incidents incidents;
    private final Format format;
    private final Clock clock;

    LiveActivity(
            EventQuery events, Alerts alerts, Incidents incidents, Format format, Clock clock) {
        this.events = events;
        this.alerts = alerts;
        this.incidents = incidents;
        this.format = format;
        this.clock = clock;
    }

    LivePage of(Viewer viewer) {
        Activity hour = events.activity(viewer, MINUTES);
        Activity twoHours = events.activity(viewer, 2 * MINUTES);
        List<Envelope> feed =
                events
                        .find(
                                viewer,
                                EventFilter.ALL,
                                EventOrder.NEWEST_FIRST,
                                PageRequest.first(FEED, null))
                        .nodes()
                        .stream()
                        .map(AuditEvent::envelope)
                        .toList();
        Page<Alert> firing =
                alerts.page(viewer, AlertState.FIRING, PageRequest.first(LISTED, null));
        List<Incident> open =
                Stream.of(IncidentStatus.OPEN, IncidentStatus.INVESTIGATING)
                        .flatMap(
                                status ->
                                        incidents
                                                .page(
                                                        viewer,
                                                        status,
                                                        PageRequest.first(LISTED, null))
                                                .nodes()
                                                .stream())
                        .sorted(Comparator.comparing(Incident::severity).reversed())
                        .limit(LISTED)
                        .toList();
        return of(
                hour,
                twoHours,
                new LivePage.Open(firing.nodes(), firing.hasNextPage(), open),
                feed,
                clock.instant(),
                format);
    }

    static LivePage of(
            Activity hour,
            Activity twoHours,
            LivePage.Open open,
            List<Envelope> feed,
            Instant now,
            Format format) {
        long eventsBefore = Math.max(0, twoHours.events() - hour.events());
        long errorsBefore = Math.max(0, twoHours.errors() - hour.errors());
        Instant lastReceived =
                feed.stream().map(Envelope::receivedAt).max(Instant::compareTo).orElse(null);
        boolean silent = lastReceived != null && lastReceived.isBefore(now.minus(SILENCE));
        Double errorRate = hour.events() == 0 ? null : (double) hour.errors() / hour.events();
        return new LivePage(
                state(hour, open, lastReceived, silent),
                alerting(open, format)
                        + sentence(
                                hour, errorsBefore, errorRate, lastReceived, silent, now, format),
                hour.events(),
                eventsBefore,
                hour.errors(),
                errorsBefore,
                errorRate,
                hour.eventsPerSecond(),
                hour.agentsActive(),
                lastReceived,
                silent,
                chart(hour, format),
                open,
                hour.recentErrors().stream().map(AuditEvent::envelope).toList(),
                feed,
                now);
    }

    private static LivePage.State state(
            Activity hour, LivePage.Open open, @Nullable Instant lastReceived, boolean silent) {
        if (open.alerts().stream().anyMatch(alert -> alert.severity() == Severity.CRITICAL)) {
            return LivePage.State.FAILED;
        }
        if (!open.alerts().isEmpty()) {
            return LivePage.State.WARNING;
        }
        if (lastReceived == null) {
            return LivePage.State.UNKNOWN;
        }
        return hour.errors() > 0 || silent ? LivePage.State.WARNING : LivePage.State.OK;
    }

    private static String alerting(LivePage.Open open, Format format) {
        int alerts = open.alerts().size();
        if (alerts == 0) {
            return "";
        }
        return (open.moreAlerts() ? "More than " : "")
                + format.count(alerts, "alert is", "alerts are")
                + " firing. ";
    }

    private static String sentence(
            Activity hour,
            long errorsBefore,
            @Nullable Double errorRate,
            @Nullable Instant lastReceived,
            boolean silent,
            Instant now,
            Format format) {
        if (lastReceived == null) {
            return "No event has arrived yet.";
        }
        String arrival =
                silent
                        ? "Nothing has arrived since "
                                + format.ago(lastReceived, now)
                                + "; check that the agents still log."
                        : "Logging is alive.";
        if (hour.events() == 0) {
            return "No event occurred in the last hour. " + arrival;
        }
        if (hour.errors() == 0) {
            return "No errors in the last hour. " + arrival;
        }
        return format.count(hour.errors(), "error", "errors")
                + " in the last hour ("
                + format.percent(errorRate)
                + " of events), "
                + trend(hour.errors(), errorsBefore, format)
                + ". "
                + arrival;
    }

    private static String trend(long now, long before, Format format) {
        if (now == before) {
            return "as many as in the hour before";
        }
        return (now > before ? "up from " : "down from ")
                + format.count(before)
                + " in the hour before";
    }

    private static Chart chart(Activity hour, Format format) {
        List<String> minutes =
                hour.perMinute().stream().map(minute -> format.clockMinute(minute.at())).toList();
        List<Point> errored =
                hour.perMinute().stream()
                        .map(
                                minute ->
                                        Point.of(
                                                minute.errors(),
                                                format.count(minute.errors()),
                                                minute.errors() == 0
                                                        ? null
                                                        : evidence(minute.at(), true)))
                        .toList();
        List<Point> others =
                hour.perMinute().stream()
                        .map(
                                minute ->
                                        Point.of(
                                                minute.events() - minute.errors(),
                                                format.count(minute.events() - minute.errors()),
                                                minute.events() == 0
                                                        ? null
                                                        : evidence(minute.at(), false)))
                        .toList();
        Activity.MinutePoint busiest =
                hour.perMinute().stream()
                        .max(Comparator.comparingLong(Activity.MinutePoint::events))
                        .filter(minute -> minute.events() > 0)
                        .orElse(null);
        String sentence =
                busiest == null
                        ? "No events in the last 60 minutes."
                        : "Busiest minute "
                                + format.clockMinute(busiest.at())
                                + " with "
                                + format.count(busiest.events(), "event", "events")
                                + ", "
                                + format.count(busiest.errors())
                                + " of them errored.";
        return Chart.of(
                Kind.STACKED,
                "Events per minute, last 60 minutes",
                sentence,
                Axis.COUNT,
                "Minute",
                minutes,
                List.of(
                        new Series("errored", Hue.FAILED, errored),
                        new Series("other events", Hue.NEUTRAL, others)));
    }

    private static String evidence(Instant minute, boolean errored) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        query.put("from", List.of(minute.toString()));
        query.put("to", List.of(minute.plusSeconds(60).toString()));
        query.put("errored", List.of(errored ? "true" : ""));
        return Links.address("/events", query);
    }
}
