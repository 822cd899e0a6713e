package org.agentaudit.ingest.normal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdsTest {
    @Test
    void fromText_theContractsExample() {
        assertThat(EventIds.fromText("evt-1"))
                .isEqualTo(UUID.fromString("e925c091-d7d8-5a39-a8a8-288be09a790e"));
    }

    @ParameterizedTest
    @CsvSource({
        "550E8400-e29b-41d4-a716-446655440000,550e8400-e29b-41d4-a716-446655440000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff,ffffffff-ffff-ffff-ffff-ffffffffffff"
    })
    void fromText_uuid_staysItself(String text, String id) {
        assertThat(EventIds.fromText(text).toString()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1-1-1-1-1",
                "550e8400e29b41d4a716446655440000",
                "{550e8400-e29b-41d4-a716-446655440000}",
                "550e8400-e29b-41d4-a716-44665544000g",
                "550e8400-e29b-41d4-a716_446655440000",
                "é"
            })
    void fromText_anythingElse_isNameBased(String text) {
        UUID id = EventIds.fromText(text);
        assertThat(id.version()).isEqualTo(5);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(EventIds.fromText(text)).isEqualTo(id);
    }
}
