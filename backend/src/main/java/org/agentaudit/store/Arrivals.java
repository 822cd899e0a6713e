package org.agentaudit.store;

import java.util.BitSet;
import java.util.stream.Stream;

/// Arithmetic of `arrival`: batch number times 2^20 plus position.
public final class Arrivals {
    private static final int POSITION_BITS = 20;

    private Arrivals() {}

    public static long batchOf(long arrival) {
        return arrival >> POSITION_BITS;
    }

    /// The last arrival that a batch can hold.
    public static long lastOf(long batch) {
        return (batch + 1 << POSITION_BITS) - 1;
    }

    /// @param positions bitmap: bit p mod 8 of byte p div 8 stands for position p
    public static Stream<Long> of(long batch, byte[] positions) {
        return BitSet.valueOf(positions).stream()
                .mapToObj(position -> (batch << POSITION_BITS) + position);
    }
}
