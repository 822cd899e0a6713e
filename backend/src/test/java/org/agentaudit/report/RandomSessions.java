package org.agentaudit.report;

import static org.agentaudit.event.EventBuilder.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;

/// Events of sessions that span several traces, of traces that span several sessions, and of none:
/// with runs, retries, tokens and failures, each at its own microsecond.
public final class RandomSessions {
    public static final List<String> AGENTS =
            List.of("ops/planner", "ops/runner", "support", "böse\\%_agent");
    private static final EventType[] TYPES = {
        EventType.INVOCATION,
        EventType.LLM_RESPONSE,
        EventType.LLM_RESPONSE,
        EventType.TOOL_CALL,
        EventType.TOOL_CALL,
        EventType.TOOL_CALL,
        EventType.TOOL_RESULT,
        EventType.RETRY,
        EventType.ERROR,
        EventType.TOKEN_USAGE,
        EventType.DECISION
    };
    /// The last two are the same to whoever reads JSON.
    private static final String[] PARAMS = {
        "{\"a\":1}", "{\"a\":2,\"b\":[]}", "{\"b\":[],\"a\":2}"
    };

    private RandomSessions() {}

    /// @param start sessions begin within `span` after it
    public static List<AuditEvent> make(Random random, int count, Instant start, Duration span) {
        int sessions = Math.max(1, count / 25);
        List<AuditEvent> events = new ArrayList<>();
        Set<Instant> taken = new HashSet<>();
        String prefix = Long.toHexString(random.nextLong());
        for (int i = 0; i < count; i++) {
            int session = random.nextInt(sessions);
            Random home = new Random(session * 7919L);
            // a tenth of the sessions last for days
            double length = session % 10 == 0 ? span.toSeconds() / 2.0 : 4000;
            Instant at;
            do {
                at =
                        start.plusNanos(
                                1000L
                                        * (long)
                                                (home.nextDouble() * span.toSeconds() * 1e6
                                                        + random.nextDouble() * length * 1e6));
            } while (!taken.add(at));
            EventType type = TYPES[random.nextInt(TYPES.length)];
            EventBuilder builder =
                    event(
                                    prefix + i,
                                    at,
                                    type,
                                    AGENTS.get(random.nextInt(AGENTS.size())),
                                    "tool-" + random.nextInt(2))
                            .trace("trace-" + (session / 2) + "-" + random.nextInt(3));
            if (random.nextInt(12) > 0) {
                builder.session("session: " + session);
            }
            if (random.nextInt(4) > 0) {
                builder.params(PARAMS[random.nextInt(PARAMS.length)]);
            }
            if (type == EventType.TOOL_CALL && random.nextInt(3) == 0) {
                builder.failed("TimeoutError", null);
            } else if (type == EventType.TOOL_RESULT && random.nextBoolean()) {
                builder.outcome(Outcome.FAILURE);
            }
            if (random.nextInt(3) == 0) {
                builder.ms(random.nextInt(400_000) / 4.0);
            }
            if (random.nextInt(40) == 0) {
                builder.tokens(0, 0, 0);
            } else if (session % 7 > 0 && random.nextInt(3) == 0) {
                int input = random.nextInt(10_000);
                builder.tokens(input, random.nextInt(500), random.nextInt(input + 1));
            }
            if (random.nextInt(4) == 0) {
                builder.cost("0.0000" + random.nextInt(1000));
            }
            events.add(builder.build());
        }
        return events;
    }
}
