package org.agentaudit.analysis.conversation;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds words in a text in one pass.
final class Words {

    private Words() {}

    /// The first of the words, or pairs of words (`sample data`), that the text holds as whole
    /// words, in lower case; null when it holds none.
    static @Nullable String first(String text, Set<String> words) {
        String before = "";
        int from = -1;
        for (int i = 0; i <= text.length(); i++) {
            boolean letter = i < text.length() && Character.isLetter(text.charAt(i));
            if (letter && from < 0) {
                from = i;
            } else if (!letter && from >= 0) {
                String word = text.substring(from, i).toLowerCase(Locale.ROOT);
                String pair = before + " " + word;
                if (words.contains(pair)) {
                    return pair;
                }
                if (words.contains(word)) {
                    return word;
                }
                before = word;
                from = -1;
            }
        }
        return null;
    }
}
