package org.agentaudit.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTest {

    /// What OWASP's "CSV Injection" lists, but for the full-width forms.
    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@tool", "\t=1", "\r=1", "\n=1"})
    void text_thatASpreadsheetTakesForAFormula_getsAnApostrophe(String text) {
        assertThat(Csv.text(text)).isEqualTo("'" + text);
    }

    @Test
    void otherText_staysAsItIs() {
        assertThat(Csv.text("a=1")).isEqualTo("a=1");
        assertThat(Csv.text(null)).isEmpty();
    }
}
