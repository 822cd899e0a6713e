package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HorizonTest {
    private final Horizon horizon = new Horizon();

    @Test
    void look_whenNobodyOlderRuns_theMarkedNumberIsSafe() {
        horizon.mark(7, 100);
        assertThat(horizon.look(100)).isEqualTo(7);
        assertThat(horizon.waiting()).isFalse();
    }

    @Test
    void look_whileSomebodyOlderRuns_waits() {
        horizon.mark(7, 100);
        assertThat(horizon.look(98)).isZero();
        assertThat(horizon.waiting()).isTrue();
        assertThat(horizon.look(99)).isZero();
        assertThat(horizon.look(140)).isEqualTo(7);
    }

    @Test
    void look_neverGoesBack() {
        horizon.mark(7, 100);
        horizon.look(100);
        horizon.mark(9, 120);
        assertThat(horizon.look(110)).isEqualTo(7);
        assertThat(horizon.look(120)).isEqualTo(9);
    }
}
