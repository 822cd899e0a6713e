package org.agentaudit.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.agentaudit.event.AuditEvent;
import org.agentaudit.event.Content;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;

/// Measures what leaf and commitments cost per event: run its main method.
final class ProverCost {
    private static final int EVENTS = 20_000;
    private static final int ROUNDS = 15;
    private static final int BATCH = 500;
    private static final double MICROS = 1e3;

    private ProverCost() {}

    public static void main(String[] args) {
        List<AuditEvent> events =
                RandomEvents.make(
                                new Random(1),
                                EVENTS,
                                Instant.parse("2026-01-01T00:00:00Z"),
                                Duration.ofDays(1))
                        .stream()
                        .map(NewEvent::event)
                        .toList();
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long sum = 0;
            Prover prover = new Prover();
            for (int i = 0; i < EVENTS; i++) {
                if (i % BATCH == 0) {
                    prover = new Prover();
                }
                Content c = events.get(i).content();
                EventProof proof =
                        prover.prove(
                                events.get(i).envelope(),
                                new ContentParts(
                                        c.params(),
                                        c.result(),
                                        c.reasoning(),
                                        null,
                                        c.errorMessage(),
                                        c.userId(),
                                        c.summary(),
                                        c.unmapped()));
                sum += proof.leaf()[0];
            }
            System.out.printf(
                    "%.2f microseconds per event (%d)%n",
                    (System.nanoTime() - start) / MICROS / EVENTS, sum);
        }
    }
}
