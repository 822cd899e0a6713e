package org.agentaudit.bench;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.event.Envelope;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Handoff;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.event.PermissionLevel;
import org.agentaudit.event.ResourceRef;
import org.agentaudit.event.RetentionTier;
import org.agentaudit.event.Source;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.event.TokenCounts;
import org.jspecify.annotations.Nullable;

/// Events for measuring reports: traces of 12 events, two traces to a session, spread evenly over
/// a period. However many there are, agents, tools, models, users and tasks' names stay as many, so
/// what a report shows does not grow, only what it counts. The same seed gives the same events.
final class ReportEvents {

    /// In words, for the output.
    static final String DESCRIPTION =
            "traces of 12 events, 2 traces a session, 40 agents, 12 tools, 6 models, 200 users";

    private static final int AGENTS = 40;
    private static final int TOOLS = 12;
    private static final int USERS = 200;
    private static final int TASKS = 500;
    private static final List<String> MODELS =
            List.of(
                    "claude-sonnet-4-5",
                    "claude-haiku-4-5",
                    "gpt-4o",
                    "gpt-4o-mini",
                    "gemini-2.5-pro",
                    "gemini-2.5-flash");
    private static final List<String> ERRORS =
            List.of("TimeoutError", "RateLimitError", "ValidationError", "PermissionError");

    private final SplittableRandom random;
    private final Instant from;
    private final long spanMicros;
    private int traces;

    ReportEvents(long seed, Instant from, Instant to) {
        this.random = new SplittableRandom(seed);
        this.from = from;
        this.spanMicros = ChronoUnit.MICROS.between(from, to) - 1_800_000_000L;
    }

    static String agent(int number) {
        return "team-%d/agent-%02d".formatted(number % 5, number);
    }

    /// The events of the next trace.
    List<AuditEvent> trace() {
        Trace trace = new Trace();
        trace.add(EventType.INVOCATION, "answer", null, null);
        for (int i = 0; i < 3; i++) {
            trace.model();
            trace.call();
        }
        if (random.nextInt(3) == 0) {
            trace.handoff();
        } else {
            trace.add(EventType.DECISION, "choose", Outcome.SUCCESS, null);
        }
        if (random.nextInt(10) == 0) {
            trace.intervene();
        } else {
            trace.model();
        }
        traces++;
        return trace.events;
    }

    private UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private final class Trace {
        final List<AuditEvent> events = new ArrayList<>();
        private final String id = uuid().toString();
        private final String session = "session-" + traces / 2;
        private final String agent =
                agent(Math.min(random.nextInt(AGENTS), random.nextInt(AGENTS)));
        private final String user = "user-" + random.nextInt(USERS);
        private final String task = "task-" + random.nextInt(TASKS);
        // by number of the trace, so that the traces of a session lie together
        private Instant at =
                from.plus(
                        Math.floorMod(traces / 2 * 7_919_000_003L, spanMicros), ChronoUnit.MICROS);

        void model() {
            int input = 500 + random.nextInt(8_000);
            TokenCounts tokens =
                    new TokenCounts(input, 20 + random.nextInt(900), random.nextInt(input));
            add(EventType.LLM_RESPONSE, "respond", outcome(50), tokens);
        }

        void call() {
            String tool = "tool-" + random.nextInt(TOOLS);
            add(EventType.TOOL_CALL, tool, null, null);
            add(EventType.TOOL_RESULT, tool, outcome(20), null);
        }

        void handoff() {
            at = at.plusMillis(5);
            String to = agent(random.nextInt(AGENTS));
            events.add(
                    event(
                            EventType.HANDOFF,
                            "delegate",
                            Outcome.UNKNOWN,
                            null,
                            new Handoff(agent, to, 1 + random.nextInt(3)),
                            null));
        }

        void intervene() {
            at = at.plusMillis(5);
            InterventionKind kind =
                    random.nextBoolean() ? InterventionKind.APPROVAL : InterventionKind.ESCALATION;
            events.add(
                    event(
                            EventType.HUMAN_INTERVENTION,
                            "review",
                            Outcome.UNKNOWN,
                            null,
                            null,
                            kind));
        }

        private Outcome outcome(int failsOneIn) {
            return random.nextInt(failsOneIn) == 0 ? Outcome.FAILURE : Outcome.SUCCESS;
        }

        void add(
                EventType type,
                String action,
                @Nullable Outcome outcome,
                @Nullable TokenCounts tokens) {
            at = at.plus(1 + random.nextInt(4_000_000), ChronoUnit.MICROS);
            events.add(
                    event(
                            type,
                            action,
                            outcome == null ? Outcome.UNKNOWN : outcome,
                            tokens,
                            null,
                            null));
        }

        private AuditEvent event(
                EventType type,
                String action,
                Outcome outcome,
                @Nullable TokenCounts tokens,
                @Nullable Handoff handoff,
                @Nullable InterventionKind intervention) {
            boolean errored = outcome == Outcome.FAILURE;
            boolean call = type == EventType.TOOL_CALL;
            Envelope envelope =
                    new Envelope(
                            uuid(),
                            at,
                            at.plusSeconds(2),
                            0,
                            type,
                            "agent." + type,
                            agent,
                            id,
                            false,
                            null,
                            session,
                            null,
                            task,
                            Source.AGENT,
                            action,
                            call ? 1 : 0,
                            null,
                            handoff,
                            intervention,
                            outcome,
                            errored,
                            errored ? ERRORS.get(random.nextInt(ERRORS.size())) : null,
                            type == EventType.INVOCATION ? null : 1.0 + random.nextInt(3_000),
                            tokens,
                            tokens == null ? null : cost(tokens),
                            tokens == null ? null : MODELS.get(random.nextInt(MODELS.size())),
                            "1.0",
                            call
                                    ? random.nextInt(20) == 0
                                            ? PermissionLevel.ADMIN
                                            : PermissionLevel.READONLY
                                    : null,
                            call && random.nextInt(4) == 0
                                    ? List.of(new ResourceRef("table", "t" + random.nextInt(30)))
                                    : List.of(),
                            call ? random.nextInt(10) == 0 : null,
                            RetentionTier.of(type, errored),
                            action,
                            List.of(),
                            SourceFormat.AUDIT_EVENT,
                            null,
                            null);
            return new AuditEvent(
                    envelope,
                    new Content(
                            call ? "{\"key\":" + random.nextInt(1_000) + "}" : null,
                            null,
                            type == EventType.DECISION ? "the cheaper one" : null,
                            null,
                            errored ? "no answer after " + random.nextInt(60) + " s" : null,
                            user,
                            null));
        }

        private static BigDecimal cost(TokenCounts tokens) {
            return new BigDecimal(BigInteger.valueOf(3 * tokens.input() + 15 * tokens.output()), 6);
        }
    }
}
