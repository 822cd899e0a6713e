package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// B-003-15
class MessageFingerprintTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Timed out after 30 s|Timed out after # s",
                "Timed out after 1,234.5 ms|Timed out after # ms",
                "waited 30s, then 1.5s|waited #s, then #s",
                "HTTP 503 from 10.0.0.1:8080|HTTP # from #:#",
                "order 7c9e6679-7425-40de-944b-e07fc1f90ae7 is gone|order # is gone",
                "order 00000000-0000-0000-0000-000000000000 is gone|order # is gone",
                "commit 3f2a9c1d failed at 0x7FFE12|commit # failed at #",
                "request a1b2 for user_42|request # for user_#",
                "decade added a facade|decade added a facade",
                "could not read 'a b.txt' of \"x \\\" y\"|could not read <text> of <text>",
                "can't open the users' file|can't open the users' file",
                "expected “a” but got `b`|expected <text> but got <text>",
                "'never closed 5|'never closed #",
                "GET https://api.example.com/v1/x?id=5&q=a, then stop|GET <url>, then stop",
                "see http://a.b.|see <url>.",
                "no such file /tmp/run-5/out.log.|no such file <path>.",
                "no such file ./a/b or ~/c|no such file <path> or <path>",
                "at src/main/App.java:17|at <path>:#",
                "open C:\\dir\\x.txt failed|open <path> failed",
                "open \\\\server\\share failed|open <path> failed",
                "read and/or write I/O as text/html|read and/or write I/O as text/html",
                "HTTP/1.1 error|HTTP/# error",
                "two  blanks\ttoo|two blanks too",
                "数値 12 が不正です|数値 # が不正です"
            })
    void normalised_keepsWhatMessagesHaveInCommon(String message, String expected) {
        assertThat(MessageFingerprint.normalised(message)).isEqualTo(expected);
    }

    /// Stored fingerprints must stay comparable: whoever changes the rules changes this on purpose.
    @Test
    void of_isTheSameInEveryPortal() {
        assertThat(MessageFingerprint.of("Timed out after 30 s")).isEqualTo("0045d7f45713f41f");
        assertThat(MessageFingerprint.of("Timed out after 45 s"))
                .isEqualTo(MessageFingerprint.of(" Timed out  after 30 s"));
        assertThat(MessageFingerprint.of("Timed out after 30 ms"))
                .isNotEqualTo(MessageFingerprint.of("Timed out after 30 s"));
    }

    /// B-003-15: a cut at 100 characters made one group of different errors.
    @Test
    void of_differencesFarBehind_count() {
        String start = "The same words again and again. ".repeat(10);
        assertThat(MessageFingerprint.of(start + "disk full"))
                .isNotEqualTo(MessageFingerprint.of(start + "no memory"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'", "\"", "a'b ", "'a ", "a/b ", "a.b", "\\", "1,", "a-", "C:", "“", "0x", "://"
            })
    void of_aMegabyteOfAnything_takesTimeThatGrowsWithItsLength(String part) {
        String text = part.repeat(1_000_000 / part.length());
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> MessageFingerprint.of(text));
    }

    @Test
    void of_halfSurrogatesAndControlCharacters_areText() {
        for (String text : List.of("", " ", "\uD800", "a\uDC00b", "\u0000", "\uD83D\uDE00 5")) {
            assertThat(MessageFingerprint.of(text)).matches("[0-9a-f]{16}");
        }
    }
}
