package org.agentaudit.dashboard;

import java.time.Instant;
import java.util.List;
import org.agentaudit.chart.Chart;
import org.agentaudit.event.Envelope;
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
        UNKNOWN
    }
}
