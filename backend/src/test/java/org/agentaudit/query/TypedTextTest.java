package org.agentaudit.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedTextTest {

    @Test
    void line_keepsScriptsAndEmoji() {
        String name = "עברית, العربية, 日本語, می‌خواهم, 👩‍💻";
        assertThat(TypedText.line("title", "  " + name + " ", 100)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u202Eb",
                "a\u2066b",
                "a\u200Fb",
                "a\r\nb",
                "a\nb",
                "a\u0000b",
                "a\u001Bb",
                "a\u2028b",
                "a\u0085b",
                "a\uFEFFb",
                "a\uD800b",
                "a\u200Bb"
            })
    void line_refusesWhatIsNotSeen(String text) {
        assertThatThrownBy(() -> TypedText.line("title", text, 100))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("'title' must be one line");
    }

    @Test
    void line_hasOneToTheMostCharacters() {
        assertThatThrownBy(() -> TypedText.line("title", " \n ", 100))
                .hasMessage("'title' must have 1 to 100 characters on one line.");
        assertThat(TypedText.line("title", "👩".repeat(100), 100)).hasSize(200);
        assertThatThrownBy(() -> TypedText.line("title", "a".repeat(101), 100))
                .isInstanceOf(BadInputException.class);
    }

    @Test
    void lines_endWithALineFeed_andAreOtherwiseAsClean() {
        assertThat(TypedText.lines("note", "a\r\nb\rc\td\n", 100)).isEqualTo("a\nb\nc\td");
        assertThatThrownBy(() -> TypedText.lines("note", "a\u0000b", 100))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> TypedText.lines("note", "a\u202Eb", 100))
                .isInstanceOf(BadInputException.class);
    }
}
