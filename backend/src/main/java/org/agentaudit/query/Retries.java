package org.agentaudit.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;

/// What counts as a retry (metrics "Excessive retries"): a RETRY event, and an agent's next tool
/// call that is the same tool with the same parameters after a call that failed. A RETRY and the
/// call after it are one. Told within a trace: the same call in the next piece of work of a session
/// is not a second try.
public final class Retries {

    private Retries() {}

    /// Whether two tool calls have the same parameters.
    public interface SameParams {
        boolean same(Envelope call, Envelope next);
    }

    /// The events that are retries, in order.
    ///
    /// @param steps   events of one agent in one session and trace, in any order and of any types
    /// @param pairing of the whole trace
    public static List<Envelope> of(
            Collection<Envelope> steps, CallPairing pairing, SameParams params) {
        List<Envelope> retries = new ArrayList<>();
        Envelope failed = null;
        boolean announced = false;
        for (Envelope step : steps.stream().sorted(CallPairing.ORDER).toList()) {
            if (step.type() == EventType.RETRY) {
                retries.add(step);
                announced = true;
            } else if (step.type() == EventType.TOOL_CALL) {
                if (failed != null
                        && !announced
                        && step.action().equals(failed.action())
                        && params.same(failed, step)) {
                    retries.add(step);
                }
                CallPairing.Call call = pairing.call(step.id());
                failed = call != null && call.outcome() == Outcome.FAILURE ? step : null;
                announced = false;
            }
        }
        return retries;
    }
}
