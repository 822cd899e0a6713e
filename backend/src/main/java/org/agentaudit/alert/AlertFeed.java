package org.agentaudit.alert;

import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agentaudit.access.Viewer;
import org.agentaudit.query.ChangeFeed;

/// Alerts as they fire, are acknowledged or resolved, limited to the viewer as in [Alerts]. A
/// change is told as the alert is when it is read, which may be later than the change: two changes
/// right after each other may both tell the last state.
@Singleton
public class AlertFeed implements ChangeFeed<AlertFeed.Question, Alert> {

    private final AlertChanges changes;
    private final Alerts alerts;

    AlertFeed(AlertChanges changes, Alerts alerts) {
        this.changes = changes;
        this.alerts = alerts;
    }

    /// Whose alerts. Listeners of the same rights share it.
    public record Question(Viewer viewer) {

        /// @throws org.agentaudit.access.AccessDeniedException when the viewer may not read alerts
        public Question {
            viewer.requireReader();
            viewer = new Viewer("", viewer.roles(), viewer.agentScope());
        }
    }

    @Override
    public long position() {
        return changes.lastNumber();
    }

    @Override
    public Start start() {
        return Start.after(position());
    }

    @Override
    public Part<Alert> changes(Question question, long after, long upTo, int limit) {
        List<AlertChanges.Change> next = changes.between(after, upTo, limit);
        Map<Long, Alert> visible =
                alerts
                        .byIds(
                                question.viewer(),
                                next.stream().map(AlertChanges.Change::alertId).distinct().toList())
                        .stream()
                        .collect(Collectors.toMap(Alert::id, Function.identity()));
        List<Change<Alert>> told = new ArrayList<>();
        for (AlertChanges.Change change : next) {
            Alert alert = visible.get(change.alertId());
            if (alert != null) {
                told.add(new Change<>(change.number(), change.number(), alert));
            }
        }
        return new Part<>(told, next.size() < limit ? upTo : next.getLast().number());
    }
}
