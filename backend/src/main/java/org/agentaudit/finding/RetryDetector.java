package org.agentaudit.finding;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.agentaudit.analysis.Severity;
import org.agentaudit.event.Envelope;
import org.agentaudit.query.Retries;

/// More retries by an agent in a session than the limit (A10 K11), see [Retries].
record RetryDetector(int limit) {

    /// @param session of a session that has an id
    List<Detected> detect(String sessionId, SessionStory session, Texts texts) throws SQLException {
        List<Detected> found = new ArrayList<>();
        for (Map.Entry<String, List<Envelope>> agent : session.byAgent().entrySet()) {
            List<Envelope> retries = retries(session, agent.getValue(), texts);
            if (retries.size() > limit) {
                Envelope crossing = retries.get(limit);
                found.add(
                        new Detected(
                                FindingKind.EXCESSIVE_RETRIES,
                                Severity.WARNING,
                                List.of(sessionId, agent.getKey()),
                                agent.getKey(),
                                sessionId,
                                crossing.traceId(),
                                crossing.occurredAt(),
                                (double) retries.size(),
                                (double) limit,
                                "%d retries in one session; the limit is %d."
                                        .formatted(retries.size(), limit),
                                "Wait longer between tries and give up after a few: what fails again and again needs another way.",
                                retries.stream().map(Envelope::id).toList()));
            }
        }
        return found;
    }

    /// The events that are retries, in order; none when there cannot be too many.
    private List<Envelope> retries(SessionStory session, List<Envelope> events, Texts texts)
            throws SQLException {
        Set<UUID> compared = new HashSet<>();
        List<Envelope> possible =
                Retries.of(
                        events,
                        session::failed,
                        (call, next) -> {
                            compared.add(call.id());
                            compared.add(next.id());
                            return true;
                        });
        if (possible.size() <= limit) {
            return List.of();
        }
        Retries.Params params = new Retries.Params();
        texts.each(compared, (id, text, result) -> params.add(id, text));
        return Retries.of(events, session::failed, params);
    }
}
