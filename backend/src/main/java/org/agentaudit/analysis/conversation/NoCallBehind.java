package org.agentaudit.analysis.conversation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conversation ends with a message although no call in it brought anything. Many tasks need no
/// call, so this alone points at no cause.
final class NoCallBehind extends Sign {

    NoCallBehind() {
        super(COURSE, Part.FACTOR, "Ask for at least one call that supports the answer.");
    }

    @Override
    @Nullable Found first(Conversation conversation) {
        List<Message> messages = conversation.messages();
        boolean brought =
                messages.stream()
                        .flatMap(message -> message.calls().stream())
                        .anyMatch(Message.Call::brought);
        if (brought || messages.isEmpty() || messages.getLast().holdsCode()) {
            return null;
        }
        return found(
                messages.getLast(),
                "it ends the conversation although no call in it brought anything",
                List.of());
    }
}
