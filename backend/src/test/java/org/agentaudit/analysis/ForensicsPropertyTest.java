package org.agentaudit.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentaudit.access.Disclosure;
import org.agentaudit.access.Role;
import org.agentaudit.access.Viewer;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.EventBuilder;
import org.agentaudit.event.EventType;
import org.agentaudit.event.InterventionKind;
import org.agentaudit.event.Outcome;
import org.agentaudit.query.TestTraces;
import org.junit.jupiter.api.Test;

/// What holds for every trace, however odd.
class ForensicsPropertyTest {
    private static final Instant START = Instant.parse("2026-03-01T14:23:01Z");
    private static final Viewer AUDITOR = new Viewer("ann", Set.of(Role.AUDITOR), List.of());
    private static final String SECRET = "qzxsecretqzx";
    private static final String[] TEXTS = {
        "\"exitcode: 1 " + SECRET + "\"",
        "\"Traceback (most recent call last)\\n" + SECRET + "\"",
        "\"exitcode: 0 (ok)\\nCode output: \"",
        "\"we assume 12 and 15 " + SECRET + " and ```run()```\"",
        "\"the previous answer was wrong " + SECRET + " status 503\"",
        "{\"" + SECRET + "\":[1,2,\"open",
        "\"\\u00",
        "",
        "[]"
    };

    @Test
    void of_randomTraces_citesTheirEventsAndDependsOnThemAlone() {
        long seed = System.nanoTime();
        System.out.println("ForensicsPropertyTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            List<AuditEvent> events = trace(random, 1 + random.nextInt(60));
            Forensics forensics = of(events, false);

            Set<UUID> ids =
                    events.stream().map(event -> event.envelope().id()).collect(Collectors.toSet());
            assertThat(statements(forensics))
                    .allSatisfy(
                            statement -> {
                                assertThat(statement.text()).isNotBlank().hasSizeLessThan(2_000);
                                assertThat(statement.evidence()).isNotEmpty();
                                assertThat(statement.evidence())
                                        .allMatch(event -> ids.contains(event.envelope().id()));
                            });
            assertThat(statements(forensics)).hasSizeLessThan(120);
            List<AuditEvent> shuffled = new ArrayList<>(events);
            Collections.shuffle(shuffled, random);
            assertThat(
                            ForensicsAnalysis.of(
                                    TestTraces.trace(events), TestTraces.timeline(shuffled), false))
                    .isEqualTo(forensics);
        }
    }

    @Test
    void of_maskedRandomTraces_saysNothingOfTheirContent() {
        long seed = System.nanoTime();
        System.out.println("ForensicsPropertyTest masked seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            List<AuditEvent> masked =
                    trace(random, 1 + random.nextInt(60)).stream()
                            .map(event -> Disclosure.of(event, AUDITOR))
                            .toList();
            Forensics forensics = of(masked, true);
            assertThat(statements(forensics))
                    .noneMatch(statement -> statement.text().contains(SECRET));
            assertThat(forensics.rootCause() == null || !forensics.rootCause().hypothesis())
                    .isTrue();
        }
    }

    /// 5,000 failing steps that lie inside each other, one tool each, and as many retries: what
    /// grew with the square would take minutes.
    @Test
    void of_longTrace_takesTimeInProportion() {
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            EventBuilder step =
                    step(
                                    i,
                                    i % 2 == 0 ? EventType.TOOL_CALL : EventType.RETRY,
                                    "a" + i % 7,
                                    "t" + i)
                            .failed("TimeoutError", "x")
                            .ms(5_000_000)
                            .params("{\"n\":1}")
                            .result(TEXTS[i % TEXTS.length]);
            if (i > 0) {
                step.parent("e" + (i - 1));
            }
            events.add(step.build());
        }
        long before = System.nanoTime();
        Forensics forensics = of(events, false);

        assertThat(forensics.rootCause()).isNotNull();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    private static List<AuditEvent> trace(Random random, int count) {
        EventType[] types = EventType.values();
        List<AuditEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            EventType type = types[random.nextInt(types.length)];
            EventBuilder step =
                    step(i, type, "agent" + random.nextInt(3), "act" + random.nextInt(4));
            if (random.nextInt(3) == 0) {
                step.parent("e" + random.nextInt(count + 3));
            }
            if (random.nextInt(4) == 0) {
                step.failed(random.nextBoolean() ? null : "TimeoutError", SECRET);
            } else if (random.nextBoolean()) {
                step.outcome(Outcome.values()[random.nextInt(Outcome.values().length)]);
            }
            if (random.nextBoolean()) {
                step.ms(random.nextInt(20_000));
            }
            if (random.nextInt(3) > 0) {
                step.result(TEXTS[random.nextInt(TEXTS.length)]);
            }
            if (random.nextInt(3) == 0) {
                step.params(TEXTS[random.nextInt(TEXTS.length)]);
            }
            if (type == EventType.HANDOFF) {
                step.handoff("agent0", "agent" + random.nextInt(3), 1);
            }
            if (type == EventType.HUMAN_INTERVENTION) {
                step.intervention(
                        InterventionKind.values()[
                                random.nextInt(InterventionKind.values().length)]);
            }
            events.add(step.build());
        }
        return events;
    }

    private static EventBuilder step(int i, EventType type, String agent, String action) {
        return EventBuilder.event("e" + i, START.plusMillis(700L * (i / 2)), type, agent, action)
                .arrival(i + 1);
    }

    private static Forensics of(List<AuditEvent> events, boolean masked) {
        return ForensicsAnalysis.of(TestTraces.trace(events), TestTraces.timeline(events), masked);
    }

    private static List<Forensics.Statement> statements(Forensics forensics) {
        return Stream.of(
                        Stream.ofNullable(forensics.rootCause()),
                        forensics.contributingFactors().stream(),
                        forensics.contradictions().stream(),
                        forensics.gaps().stream(),
                        forensics.recommendations().stream())
                .flatMap(stream -> stream)
                .toList();
    }
}
