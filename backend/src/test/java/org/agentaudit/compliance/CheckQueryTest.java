package org.agentaudit.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import org.agentaudit.web.Format;
import org.junit.jupiter.api.Test;

class CheckQueryTest {

    /// 23 of 80 is 28.75 %; multiplied as a double it would be a little less.
    @Test
    void value_ofAShare_roundsAsPagesDo() {
        Format format = new Format(ZoneOffset.UTC);
        assertThat(CheckQuery.value(23 / 80.0, "share")).isEqualTo("28.8 %");
        for (int part = 0; part <= 400; part++) {
            double share = part / 400.0;
            assertThat(CheckQuery.value(share, "share"))
                    .isEqualTo(format.percent(share).replace('\u00A0', ' '));
        }
    }
}
