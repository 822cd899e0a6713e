package org.agentaudit.analysis.conversation;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// A later message takes back or contradicts what was said before.
final class Correction extends Sign {

    private static final Set<String> WORDS =
            Set.of(
                    "incorrect",
                    "wrong",
                    "inaccurate",
                    "mistaken",
                    "mistake",
                    "misunderstanding",
                    "not correct",
                    "contradicts",
                    "contradict");

    /// Around the word: what else stands in its sentence.
    private static final int AROUND = 100;

    private static final Pattern SENTENCE =
            Pattern.compile(
                    "(?i)\\b(?:(?:previous|earlier|above|initial|stated)[^.\\n]{0,60}\\b(?:is|was|were|are)"
                            + " (?:incorrect|wrong|inaccurate|mistaken|not correct)"
                            + "|I (?:made|apologi[sz]e)[^.\\n]{0,40}\\b(?:mistake|misunderstanding)"
                            + "|(?:was|were|is|are) (?:a|an) (?:mistake|misunderstanding) in"
                            + "|contradicts? (?:the|what|our))");

    Correction() {
        super(COURSE, Part.CONTRADICTION, null);
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        List<Message> messages = conversation.messages();
        for (int i = 1; i < messages.size(); i++) {
            Message message = messages.get(i);
            if (!message.restates() && takesBack(message.text())) {
                List<AuditEvent> before = new ArrayList<>();
                before.add(messages.get(i - 1).event());
                return found(message, "it takes back or contradicts what was said before", before);
            }
        }
        return null;
    }

    private static boolean takesBack(String text) {
        String word = Words.first(text, WORDS);
        if (word == null) {
            return false;
        }
        // Lower case may be longer than the text: the place is near enough.
        int at = Math.clamp(text.toLowerCase(Locale.ROOT).indexOf(word), 0, text.length());
        return SENTENCE.matcher(
                        text.substring(
                                Math.max(0, at - AROUND), Math.min(text.length(), at + AROUND)))
                .find();
    }
}
