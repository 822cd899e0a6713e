package org.agentaudit.verify;

import io.micronaut.context.ApplicationContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.agentaudit.TestDatabase;
import org.agentaudit.store.EventStore;
import org.agentaudit.store.NewEvent;
import org.agentaudit.store.RandomEvents;

/// Measures how fast a store is verified: run its main method, with the number of events.
final class VerifyRate {
    private static final int BATCH = 2_000;

    private VerifyRate() {}

    public static void main(String[] args) throws Exception {
        int events = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
        try (ApplicationContext context =
                ApplicationContext.run(new HashMap<>(TestDatabase.create().properties()))) {
            EventStore store = context.getBean(EventStore.class);
            Random random = new Random(1);
            for (int i = 0; i < events; i += BATCH) {
                List<NewEvent> batch =
                        RandomEvents.make(
                                random,
                                BATCH,
                                Instant.parse("2026-01-01T00:00:00Z")
                                        .plus(Duration.ofMinutes(i / 10)),
                                Duration.ofDays(1));
                store.append(batch, List.of()).get();
            }
            for (int i = 0; i < 3; i++) {
                Verification result =
                        context.getBean(StoreVerifier.class).verify((all, done) -> {});
                System.out.printf(
                        "%s: %,d events, %.1f s, %,.0f events/s%n",
                        result.passed(), result.events(), result.seconds(), result.rate());
            }
        }
    }
}
