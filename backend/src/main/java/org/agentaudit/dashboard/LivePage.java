package org.agentaudit.dashboard;

import java.time.Instant;
import java.util.List;
import org.agentaudit.alert.Alert;
import org.agentaudit.chart.Chart;
import org.agentaudit.event.Envelope;
import org.agentaudit.incident.Incident;
import org.jspecify.annotations.Nullable;

/// The part of the dashboard that refreshes; model of `views/dashboard/live.html`. It shows
/// envelopes only, so nobody's content is revealed by a page left open.
///
/// @param state         how things stand
/// @param sentence      is anything wrong right now, in words
/// @param events        in the last hour
/// @param eventsBefore  in the hour before
/// @param errors        in the last hour
/// @param errorsBefore  in the hour before
/// @param errorRate     errors ÷ events in the last hour; null without an event
/// @param lastReceived  when the latest event shown arrived; null when there is none
/// @param silent        nothing arrived for longer than ten minutes
/// @param activity      events per minute
/// @param open         alerts and incidents that wait for somebody
/// @param recentErrors  newest first, at most ten
/// @param feed          the last events, newest first
public record LivePage(
        State state,
        String sentence,
        long events,
        long eventsBefore,
        long errors,
        long errorsBefore,
        @Nullable Double errorRate,
        double eventsPerSecond,
        long agentsActive,
        @Nullable Instant lastReceived,
        boolean silent,
        Chart activity,
        Open open,
        List<Envelope> recentErrors,
        List<Envelope> feed,
        Instant now) {

    public LivePage {
        recentErrors = List.copyOf(recentErrors);
        feed = List.copyOf(feed);
    }

    /// How things stand right now.
    public enum State {
        OK,
        WARNING,
        FAILED,
        UNKNOWN
    }

    /// What waits for somebody.
    ///
    /// @param alerts     that fire and nobody acknowledged, newest first, at most five
    /// @param moreAlerts whether there are others
    /// @param incidents  that are not resolved, the most severe first, at most five
    public record Open(List<Alert> alerts, boolean moreAlerts, List<Incident> incidents) {

        public Open {
            alerts = List.copyOf(alerts);
            incidents = List.copyOf(incidents);
        }
    }
}
