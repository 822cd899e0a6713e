package org.agentaudit.store;

/// The place of an event: its batch and its position among the batch's stored events.
public final class Arrival {
    private static final int POSITION_BITS = 20;
    private static final long POSITION_MASK = (1L << POSITION_BITS) - 1;

    private Arrival() {}

    public static long of(long batch, int position) {
        return (batch << POSITION_BITS) + position;
    }

    public static long batch(long arrival) {
        return arrival >> POSITION_BITS;
    }

    public static int position(long arrival) {
        return (int) (arrival & POSITION_MASK);
    }
}
