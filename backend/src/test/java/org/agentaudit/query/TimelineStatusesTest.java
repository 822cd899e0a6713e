package org.agentaudit.query;

import static org.agentaudit.event.EventBuilder.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.TimelineEntry.TimelineStatus;
import org.junit.jupiter.api.Test;

class TimelineStatusesTest {
    private static final Instant AT = Instant.parse("2026-03-01T14:23:01Z");

    @Test
    void status_erroredEvent_failsWithTypeAndMessage() {
        TimelineEntry entry =
                only(step(EventType.EXTERNAL_CALL).failed("TimeoutError", "no answer").build());

        assertThat(entry.status()).isEqualTo(TimelineStatus.FAILED);
        assertThat(entry.statusText()).isEqualTo("TimeoutError: no answer");
    }

    @Test
    void text_maskedEvent_keepsTheTypeAndHidesTheMessage() {
        AuditEvent event = step(EventType.TOOL_CALL).failed("TimeoutError", "card 4111").build();
        AuditEvent masked =
                Disclosure.of(event, new Viewer("ann", Set.of(Role.AUDITOR), List.of()));

        assertThat(only(masked).statusText()).isEqualTo("TimeoutError: [MASKED]");
    }

    @Test
    void text_longMessage_isCutBetweenCodePoints() {
        AuditEvent event = step(EventType.ERROR).failed(null, "\uD83D\uDE00".repeat(1000)).build();

        assertThat(only(event).statusText()).isEqualTo("\uD83D\uDE00".repeat(199) + "…");
    }

    @Test
    void status_callWhoseResultFailed_fails() {
        AuditEvent call = step(EventType.TOOL_CALL).outcome(Outcome.SUCCESS).build();
        AuditEvent result =
                event("r", AT.plusSeconds(1), EventType.TOOL_RESULT, "agent", "act")
                        .failed("HttpError", "503")
                        .build();
        List<AuditEvent> trace = List.of(call, result);
        List<TimelineEntry> timeline = TimelineStatuses.of(trace, pairing(trace));

        assertThat(timeline.getFirst().status()).isEqualTo(TimelineStatus.FAILED);
        assertThat(timeline.getFirst().statusText()).isEqualTo("its result failed: HttpError");
    }

    @Test
    void status_breakerAndPartial_warn() {
        assertThat(only(step(EventType.CIRCUIT_BREAKER).build()).status())
                .isEqualTo(TimelineStatus.WARNING);
        assertThat(only(step(EventType.DECISION).outcome(Outcome.PARTIAL).build()).status())
                .isEqualTo(TimelineStatus.WARNING);
        assertThat(only(step(EventType.CIRCUIT_BREAKER).failed(null, null).build()).status())
                .isEqualTo(TimelineStatus.FAILED);
    }

    @Test
    void status_pending_isPending() {
        assertThat(only(step(EventType.TOOL_CALL).outcome(Outcome.PENDING).build()).status())
                .isEqualTo(TimelineStatus.PENDING);
    }

    @Test
    void status_stepWithoutAnything_isUnknownForCallsOnly() {
        Set<EventType> calls =
                EnumSet.of(EventType.TOOL_CALL, EventType.SKILL_CALL, EventType.EXTERNAL_CALL);
        for (EventType type :
                EnumSet.complementOf(EnumSet.of(EventType.ERROR, EventType.CIRCUIT_BREAKER))) {
            assertThat(only(step(type).build()).status())
                    .as(type.name())
                    .isEqualTo(calls.contains(type) ? TimelineStatus.UNKNOWN : TimelineStatus.OK);
        }
    }

    @Test
    void status_callWithDurationOrOutcomeOrResult_isOk() {
        assertThat(only(step(EventType.TOOL_CALL).ms(5).build()).status())
                .isEqualTo(TimelineStatus.OK);
        assertThat(only(step(EventType.TOOL_CALL).ms(0).build()).status())
                .isEqualTo(TimelineStatus.UNKNOWN);
        assertThat(only(step(EventType.SKILL_CALL).outcome(Outcome.SUCCESS).build()).status())
                .isEqualTo(TimelineStatus.OK);
        AuditEvent call = step(EventType.TOOL_CALL).build();
        AuditEvent result =
                event("r", AT.plusSeconds(1), EventType.TOOL_RESULT, "agent", "act").build();

        assertThat(TimelineStatuses.status(call.envelope(), pairing(List.of(call, result))))
                .isEqualTo(TimelineStatus.OK);
    }

    private static EventBuilder step(EventType type) {
        return event("s", AT, type, "agent", "act");
    }

    private static TimelineEntry only(AuditEvent event) {
        return TimelineStatuses.of(List.of(event), pairing(List.of(event))).getFirst();
    }

    private static CallPairing pairing(List<AuditEvent> trace) {
        return CallPairing.of(trace.stream().map(AuditEvent::envelope).toList());
    }
}
