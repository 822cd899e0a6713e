package org.agentaudit.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchWordsTest {

    @Test
    void addJson_escapesAndPunctuation_separateWords() {
        SearchWords words = new SearchWords();
        words.addJson("{\"file_path\":\"/srv/App\\nnext\\u0041b\\\"q\"}");
        assertThat(String.join(" ", words.sorted())).isEqualTo("app b file next path q srv");
    }

    @Test
    void query_wordsOfAnyScript_allMustOccur() {
        assertThat(SearchWords.query("Déjà réglé!")).isEqualTo("déjà & réglé");
        assertThat(SearchWords.query("顧客 ４２")).isEqualTo("42 & 客 & 顧");
        assertThat(SearchWords.query("a'b\\ & | <-> c")).isEqualTo("a & b & c");
    }

    @Test
    void query_noLetterOrDigit_isNull() {
        assertThat(SearchWords.query(" !? ")).isNull();
    }

    @Test
    void addText_hugeText_staysBelowPostgresLimits() {
        SearchWords words = new SearchWords();
        StringBuilder text = new StringBuilder("x".repeat(100_000));
        for (int i = 0; i < 20_000; i++) {
            text.append(" w").append(i);
        }
        words.addText(text.toString());
        assertThat(String.join(" ", words.sorted()).length()).isLessThan(400_000);
    }
}
