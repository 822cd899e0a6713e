package org.agentaudit.analysis.conversation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An agent says the same again, word for word: the conversation goes round in a circle.
final class SaidAgain extends Sign {

    /// Shorter ones ("TERMINATE", "Agreed.") repeat without meaning anything.
    private static final int LONG = 80;

    private record Said(String agent, String text) {}

    SaidAgain() {
        super(
                COURSE,
                Part.FACTOR,
                "End a conversation that goes round in a circle, or hand it to a human.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        Map<Said, Message> said = new HashMap<>();
        for (Message message : conversation.messages()) {
            if (message.text().length() < LONG) {
                continue;
            }
            Said key = new Said(message.agent(), message.text());
            Message before = said.putIfAbsent(key, message);
            if (before != null) {
                return found(
                        message,
                        "it says the same as an earlier one of that agent, word for word",
                        List.of(Objects.requireNonNull(before).event()));
            }
        }
        return null;
    }
}
