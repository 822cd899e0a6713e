package org.agentaudit.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IngestLoadTest {

    private final IngestLoad load = new IngestLoad(new StoreConfig(2, 5_000, 50_000, 100));

    @Test
    void manyEventsInASecond_areALoad_fewAreNot() {
        load.stored(99);
        assertFalse(load.isBusy());
        load.stored(1);
        assertTrue(load.isBusy());
    }

    @Test
    void aRestIsTaken_onlyWhileTheStoreIsBusy() {
        long start = System.nanoTime();
        load.rest(Duration.ofDays(1));
        assertTrue(System.nanoTime() - start < Duration.ofSeconds(2).toNanos());
        load.stored(100);
        start = System.nanoTime();
        load.rest(Duration.ofMillis(10));
        assertTrue(System.nanoTime() - start >= Duration.ofMillis(90).toNanos());
    }

    @Test
    void anInterruptEndsTheRest_andStaysSet() {
        load.stored(100);
        Thread.currentThread().interrupt();
        load.rest(Duration.ofMinutes(1));
        assertTrue(Thread.interrupted());
    }
}
