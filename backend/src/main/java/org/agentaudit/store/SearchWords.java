package org.agentaudit.store;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The words the text filter finds an event by: runs of letters and digits, in lower case and
/// compatibility form (Unicode NFKC); ideographs and kana each stand alone, since such texts have
/// no spaces. The same rule makes words of events and of what is searched for. Bounded, since a
/// PostgreSQL tsvector holds at most 1 MB.
public final class SearchWords {

    private static final int MAXIMUM_WORDS = 5_000;
    private static final int MAXIMUM_WORD_LENGTH = 64;
    /// Characters of all words together: three bytes each at most, in UTF-8.
    private static final int MAXIMUM_LENGTH = 300_000;

    /// Below this every character is its own compatibility form.
    private static final int FIRST_COMPOSED = 0xA0;

    private final Set<String> words = new HashSet<>();
    private int length;

    /// The text as a PostgreSQL tsquery of which every word must occur; null when the text holds no
    /// word.
    public static @Nullable String query(String text) {
        SearchWords words = new SearchWords();
        words.addText(text);
        return words.words.isEmpty() ? null : String.join(" & ", words.sorted());
    }

    /// Adds the words of a text; null adds none.
    void addText(@Nullable String text) {
        if (text != null) {
            add(text, false);
        }
    }

    /// Adds the words of JSON text, names included; escapes separate words.
    void addJson(@Nullable String json) {
        if (json != null) {
            add(json, json.indexOf('\\') >= 0);
        }
    }

    /// The words, sorted.
    List<String> sorted() {
        String[] sorted = words.toArray(String[]::new);
        Arrays.sort(sorted);
        return List.of(sorted);
    }

    private void add(String raw, boolean escapes) {
        String text =
                isPlain(raw) || Normalizer.isNormalized(raw, Normalizer.Form.NFKC)
                        ? raw
                        : Normalizer.normalize(raw, Normalizer.Form.NFKC);
        int start = -1;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int width = Character.charCount(c);
            if (escapes && c == '\\') {
                start = end(text, start, i);
                i += i + 1 < text.length() && text.charAt(i + 1) == 'u' ? 6 : 2;
                continue;
            }
            if (standsAlone(c)) {
                start = end(text, start, i);
                word(text.substring(i, i + width));
            } else if (!Character.isLetterOrDigit(c)) {
                start = end(text, start, i);
            } else if (start < 0) {
                start = i;
            }
            i += width;
        }
        end(text, start, text.length());
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= FIRST_COMPOSED) {
                return false;
            }
        }
        return true;
    }

    private int end(String text, int start, int end) {
        if (start >= 0) {
            word(text.substring(start, end));
        }
        return -1;
    }

    private void word(String word) {
        if (words.size() == MAXIMUM_WORDS) {
            return;
        }
        String kept = word;
        if (word.length() > MAXIMUM_WORD_LENGTH) {
            int points = Math.min(MAXIMUM_WORD_LENGTH, word.codePointCount(0, word.length()));
            kept = word.substring(0, word.offsetByCodePoints(0, points));
        }
        kept = kept.toLowerCase(Locale.ROOT);
        if (length + kept.length() <= MAXIMUM_LENGTH && words.add(kept)) {
            length += kept.length();
        }
    }

    private static boolean standsAlone(int c) {
        Character.UnicodeScript script = c < 0x2E80 ? null : Character.UnicodeScript.of(c);
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA;
    }
}
