package org.agentaudit.analysis.conversation;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import org.agentaudit.event.AuditEvent;
import org.jspecify.annotations.Nullable;

/// A later message takes back or contradicts what was said before.
final class Correction extends Sign {

    private static final Pattern WORDS =
            Pattern.compile(
                    "(?i)\\b(?:(?:previous|earlier|above|initial|stated)[^.\\n]{0,60}\\b(?:is|was|were|are)"
                            + " (?:incorrect|wrong|inaccurate|mistaken|not correct)"
                            + "|I (?:made|apologi[sz]e)[^.\\n]{0,40}\\b(?:mistake|error|confusion)"
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
            if (!message.restates() && WORDS.matcher(message.text()).find()) {
                List<AuditEvent> before = new ArrayList<>();
                before.add(messages.get(i - 1).event());
                return found(message, "it takes back or contradicts what was said before", before);
            }
        }
        return null;
    }
}
